import { budgetsNamed, explained, type ExplainedRule, type RuleTrace } from '../earning/index.js';
import { COST_PER_MINOR } from '../budgets/index.js';
import { formatScaled } from '../kernel/decimal.js';
import type { MemberId, PurchaseId } from '../kernel/ids.js';
import { currencyExponent, formatSubLedger } from '../kernel/money.js';
import type { Points } from '../kernel/points.js';
import { formatInstant, type LocalDate } from '../kernel/time.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import type { Distribution } from './domain/distribution.js';
import type { Figures, SimulatedReceipt } from './domain/figures.js';
import type { SimulatedWindow } from './domain/simulated-window.js';
import type { Deviation, Example, Pair, Tallied } from './domain/tally.js';

/** Decimals of `COST_PER_MINOR`. */
const COST_DIGITS = COST_PER_MINOR.toString().length - 1;

/** What no simulation replays, whatever its drafts; the page of simulations says why. */
export const NOT_REPLAYED = [
  'redemptions',
  'balancesBefore',
  'returnsOfEarlierReceipts',
  'eventsOfReceipts',
  'activities',
  'giftsOfTheCalendar',
  'adjustments',
  'transfers',
  'households',
] as const;

interface ShownFigures {
  readonly points: Points;
  readonly granted: Points;
  readonly takenBack: Points;
  /** Decimals in major units. */
  readonly liability: string;
  readonly expectedCost: string;
}

interface ShownReceipt {
  readonly points: Points;
  readonly explanation: readonly ExplainedRule[];
}

interface ShownExample extends Pair<Points> {
  readonly memberId: MemberId;
  readonly difference: Points;
  readonly receipt: Pair<ShownReceipt> & {
    readonly purchaseId: PurchaseId;
    readonly occurredAt: string;
    readonly difference: Points;
  };
}

/** A result as it is kept and shown: a function of what is recorded, published and drafted, without ids of its own. */
export interface SimulationResult {
  readonly window: { readonly from: LocalDate; readonly until: LocalDate };
  readonly replayed: {
    readonly members: number;
    readonly receipts: number;
    readonly receiptsDiffering: number;
    readonly returns: number;
    readonly refused: readonly (Pair<number> & { readonly code: string })[];
  };
  readonly totals: Pair<ShownFigures> & { readonly difference: ShownFigures };
  readonly byRule: readonly (Pair<ShownFigures & { readonly receipts: number }> & {
    readonly ruleId: string;
  })[];
  readonly byDay: readonly (Pair<Points> & { readonly day: LocalDate })[];
  readonly tiers: Tallied<unknown>['tiers'];
  readonly members: {
    readonly winners: Tallied<unknown>['winners'];
    readonly losers: Tallied<unknown>['losers'];
    readonly unchanged: number;
    readonly distribution: Distribution | null;
  };
  readonly examples: { readonly winners: readonly ShownExample[]; readonly losers: readonly ShownExample[] };
  readonly really: {
    readonly points: Points;
    readonly replayed: Points;
    readonly difference: Points;
    readonly receiptsDiffering: number;
    readonly examples: readonly Deviation[];
  };
  readonly leftOut: {
    readonly never: readonly (typeof NOT_REPLAYED)[number][];
    readonly membersWithTooManyReceipts: number;
    /** Whether budgets are drawn on member by member, so that who gets their last points is not who came first. */
    readonly budgetsInOrderOfMembers: boolean;
  };
}

interface ResultParts {
  readonly configs: Pair<ConfigSnapshot>;
  readonly window: SimulatedWindow;
  readonly membersWithTooManyReceipts: number;
}

/** Puts what was tallied into the form in which it is kept. */
export function simulationResult(
  tallied: Tallied<readonly RuleTrace[]>,
  { configs, window, membersWithTooManyReceipts }: ResultParts,
): SimulationResult {
  const { currency } = configs.published;
  const { totals, winners, losers, really, examples } = tallied;
  const shown = (figures: Figures) => shownFigures(figures, currency);
  const example = (one: Example<readonly RuleTrace[]>) => shownExample(one, configs);
  return {
    window: { from: window.from, until: window.until },
    replayed: {
      members: tallied.members,
      receipts: tallied.receipts,
      receiptsDiffering: tallied.receiptsDiffering,
      returns: tallied.returns,
      refused: tallied.refusals.map(([code, count]) => ({ code, ...count })),
    },
    totals: {
      published: shown(totals.published),
      drafts: shown(totals.drafts),
      difference: shown(differenceOf(totals)),
    },
    byRule: tallied.byRule.map(([ruleId, { published, drafts }]) => ({
      ruleId,
      published: { ...shown(published), receipts: published.receipts },
      drafts: { ...shown(drafts), receipts: drafts.receipts },
    })),
    byDay: tallied.byDay.map(([day, points]) => ({ day, ...points })),
    tiers: tallied.tiers,
    members: {
      winners,
      losers,
      unchanged: tallied.members - winners.members - losers.members,
      distribution: tallied.distribution,
    },
    examples: { winners: examples.winners.map(example), losers: examples.losers.map(example) },
    really: {
      points: really.points,
      replayed: totals.published.points,
      difference: totals.published.points - really.points,
      receiptsDiffering: really.receiptsDiffering,
      examples: really.deviations,
    },
    leftOut: {
      never: NOT_REPLAYED,
      membersWithTooManyReceipts,
      budgetsInOrderOfMembers: Object.values(configs).some(
        (config: ConfigSnapshot) => budgetsNamed(config, null).length > 0,
      ),
    },
  };
}

function differenceOf({ published, drafts }: Pair<Figures>): Figures {
  return {
    points: drafts.points - published.points,
    granted: drafts.granted - published.granted,
    takenBack: drafts.takenBack - published.takenBack,
    liability: drafts.liability - published.liability,
    cost: drafts.cost - published.cost,
  };
}

function shownFigures(
  { points, granted, takenBack, liability, cost }: Figures,
  currency: string,
): ShownFigures {
  return {
    points,
    granted,
    takenBack,
    liability: formatSubLedger(liability, currency),
    expectedCost: formatScaled(cost, currencyExponent(currency) + COST_DIGITS),
  };
}

function shownExample(
  { memberId, points, receipt: { published, drafts } }: Example<readonly RuleTrace[]>,
  configs: Pair<ConfigSnapshot>,
): ShownExample {
  return {
    memberId,
    ...points,
    difference: points.drafts - points.published,
    receipt: {
      purchaseId: published.purchaseId,
      occurredAt: formatInstant(published.occurredAt),
      difference: drafts.points - published.points,
      published: shownReceipt(published, configs.published),
      drafts: shownReceipt(drafts, configs.drafts),
    },
  };
}

function shownReceipt(
  { points, explanation, occurredAt }: SimulatedReceipt<readonly RuleTrace[]>,
  config: ConfigSnapshot,
): ShownReceipt {
  return { points, explanation: explained(explanation, config, occurredAt) };
}
