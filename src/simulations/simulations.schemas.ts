import {
  amount,
  day,
  flag,
  free,
  instant,
  list,
  nullable,
  object,
  oneOf,
  page,
  ref,
  text,
  whole,
} from '../kernel/json-schema.js';
import type { JsonSchema } from '../kernel/public-event.js';
import { SIMULATED_KINDS } from './simulation.dto.js';
import { NOT_REPLAYED } from './simulation-result.js';
import { SIMULATION_STATES } from './simulation.store.js';

const progress = object({ members: whole, receipts: whole });
const draft = { kind: oneOf(SIMULATED_KINDS), id: text };

const header = {
  id: text,
  state: oneOf(SIMULATION_STATES),
  requestedBy: text,
  requestedAt: instant,
  endedAt: nullable(instant),
  window: object({ from: day, until: day }),
  progress,
  expected: progress,
  error: nullable(text),
};

const figures = { points: whole, granted: whole, takenBack: whole, liability: amount, expectedCost: amount };
const both = (schema: JsonSchema) => ({ published: schema, drafts: schema });
const tier = nullable(text);
const crowd = object({ members: whole, points: whole });
const receipt = object({ points: whole, explanation: list(ref('RuleTrace')) });

const example = object({
  ...{ memberId: text, ...both(whole), difference: whole },
  receipt: object({ purchaseId: text, occurredAt: instant, difference: whole, ...both(receipt) }),
});

const distribution = object(
  Object.fromEntries(
    ['minimum', 'p1', 'p5', 'p10', 'p25', 'p50', 'p75', 'p90', 'p95', 'p99', 'maximum'].map((name) => [
      name,
      whole,
    ]),
  ),
);

/** What simulations answer, by name. */
export const simulationSchemas = {
  Simulation: object({
    ...header,
    drafts: list(object({ ...draft, definition: free })),
    recordedBy: nullable(instant),
    result: nullable(ref('SimulationResult')),
  }),
  Simulations: page(object({ ...header, drafts: list(object(draft)) })),
  SimulationResult: object({
    window: object({ from: day, until: day }),
    replayed: object({
      ...{ members: whole, receipts: whole, receiptsDiffering: whole, returns: whole },
      refused: list(object({ code: text, ...both(whole) })),
    }),
    totals: object({ ...both(object(figures)), difference: object(figures) }),
    byRule: list(object({ ruleId: text, ...both(object({ ...figures, receipts: whole })) })),
    byDay: list(object({ day, ...both(whole) })),
    tiers: list(object({ ...both(tier), members: whole })),
    members: object({
      winners: crowd,
      losers: crowd,
      unchanged: whole,
      distribution: nullable(distribution),
    }),
    examples: object({ winners: list(example), losers: list(example) }),
    really: object({
      ...{ points: whole, replayed: whole, difference: whole, receiptsDiffering: whole },
      examples: list(object({ purchaseId: text, memberId: text, replayed: whole, really: whole })),
    }),
    leftOut: object({
      never: list(oneOf(NOT_REPLAYED)),
      membersWithTooManyReceipts: whole,
      budgetsInOrderOfMembers: flag,
    }),
  }),
};
