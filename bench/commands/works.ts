import type { Answer } from '../../test/harness/api-client.js';
import {
  answered,
  APPROVED_ABOVE,
  basketOf,
  done,
  receiptFor,
  type Act,
  type CommandEngine,
  type Person,
} from './command-engine.js';

/** A kind of request whose cost may not depend on how many lots the member has. */
export interface CommandWork {
  readonly name: string;
  /** Makes what the request is about. */
  readonly prepare: (engine: CommandEngine, member: Person) => Promise<Act> | Act;
}

const DAY_MS = 86_400_000;
/** Within the grown history. */
const LONG_AGO = new Date(Date.now() - 100 * DAY_MS).toISOString();
const NEXT_YEAR = new Date(Date.now() + 500 * DAY_MS).toISOString();
const POINTS = 10;

const at = (): string => new Date().toISOString();

/** What changes an account. */
export const COMMANDS: readonly CommandWork[] = [
  work('receipt', (engine, member) => posts(engine, '/v1/purchases', receiptFor(member))),
  work('return', async (engine, member) => returned(engine, await bought(engine, member))),
  work('exchange', async (engine, member) => {
    const id = await bought(engine, member);
    return posts(engine, `/v1/purchases/${id}/exchanges`, { return: { whole: true }, purchase: basketOf() });
  }),
  work('redemption, captured at once', (engine, member) =>
    posts(engine, '/v1/redemptions', redemption(member, 'capture')),
  ),
  work('hold', (engine, member) => ({
    ...posts(engine, '/v1/redemptions', redemption(member, 'authorise')),
    tidyUp: ({ body }) => voided(engine, (body as { id: string }).id),
  })),
  work('capture', async (engine, member) => {
    const id = await held(engine, member);
    return posts(engine, `/v1/redemptions/${id}/capture`, { points: POINTS - 1 }, 200);
  }),
  work('void', async (engine, member) => {
    const id = await held(engine, member);
    return posts(engine, `/v1/redemptions/${id}/void`, undefined, 200);
  }),
  work('longer hold', async (engine, member) => {
    const id = await held(engine, member);
    const act = posts(engine, `/v1/redemptions/${id}/extend`, { holdSeconds: 3600 }, 200);
    return { ...act, tidyUp: () => voided(engine, id) };
  }),
  work('reversal of a redemption', async (engine, member) => {
    const { id } = await answered(201, engine.api.post('/v1/redemptions', redemption(member, 'capture')));
    return posts(engine, `/v1/redemptions/${id}/reverse`, {}, 200);
  }),
  work('adjustment, credit', (engine, member) =>
    posts(engine, '/v1/adjustments', adjustment(member, POINTS)),
  ),
  work('adjustment, debit', (engine, member) =>
    posts(engine, '/v1/adjustments', adjustment(member, -POINTS)),
  ),
  work('reversal of a credit', (engine, member) => reversed(engine, member, POINTS)),
  work('reversal of a debit', (engine, member) => reversed(engine, member, -POINTS)),
  work('approval', async (engine, member) => {
    const asked = adjustment(member, APPROVED_ABOVE + 1);
    const { id } = await answered(202, engine.api.post('/v1/adjustments', asked));
    return { status: 200, carryOut: () => engine.checker.post(`/v1/adjustments/${id}/approve`, {}) };
  }),
  work('extension of a lot', async (engine, member) => {
    const given = engine.api.post('/v1/adjustments', adjustment(member, POINTS));
    const { lots } = await answered<{ lots: readonly { lotId: string }[] }>(201, given);
    const body = { reason: 'sorry', expiresAt: NEXT_YEAR };
    return posts(engine, `/v1/members/${member.id}/lots/${lots[0]?.lotId}/extend`, body);
  }),
  work('event of a receipt', async (engine, member) => {
    const id = await bought(engine, member, 'shipped');
    return posts(engine, `/v1/purchases/${id}/events`, { type: 'delivered' }, 200);
  }),
  work('transfer to another', async (engine, member) => sends(engine, member, await engine.another())),
  work('transfer from another', async (engine, member) => sends(engine, await engine.another(), member)),
  work('merge of a duplicate with one receipt', async (engine, member) => {
    const { id } = await engine.another();
    return posts(engine, `/v1/members/${member.id}/merge`, { duplicate: { id } }, 200);
  }),
];

/** The reads of a member. */
export const READS: readonly CommandWork[] = ['balance', 'standing', 'lots', 'movements'].flatMap((what) => [
  work(what, (engine, { id }) => gets(engine, `/v1/members/${id}/${what}`)),
  work(`${what} as of a day in the past`, (engine, { id }) =>
    gets(engine, `/v1/members/${id}/${what}?asOf=${LONG_AGO}`),
  ),
]);

/** On a household, by its id. */
export interface Household extends Person {
  readonly householdId: string;
}

/** Commands on a household with many lots; the member who joins or leaves has few. */
export const HOUSEHOLD_COMMANDS: readonly {
  readonly name: string;
  readonly prepare: (engine: CommandEngine, household: Household) => Promise<Act>;
}[] = [
  {
    name: 'household, a member with one receipt joins',
    prepare: async (engine, household) => {
      const person = await engine.another();
      return {
        ...joins(engine, household, person),
        tidyUp: () => leaves(engine, household, person).carryOut(),
      };
    },
  },
  {
    name: 'household, a member leaves with points',
    prepare: async (engine, household) => {
      const person = await engine.another();
      await done(201, joins(engine, household, person).carryOut());
      return leaves(engine, household, person, { points: POINTS });
    },
  },
];

/** A household is founded: its head's lots become its own. */
export function founds(engine: CommandEngine, { id }: Person): Act {
  return posts(engine, '/v1/households', { name: 'Deep', head: { id } });
}

export function joins(engine: CommandEngine, { householdId }: Household, { id }: Person): Act {
  return posts(engine, `/v1/households/${householdId}/members`, { member: { id }, role: 'adult' });
}

export function leaves(
  engine: CommandEngine,
  { householdId }: Household,
  { id }: Person,
  split: object | string = 'none',
): Act {
  return posts(engine, `/v1/households/${householdId}/members/${id}/leave`, { split }, 200);
}

export function merges(engine: CommandEngine, survivor: Person, { id }: Person): Act {
  return posts(engine, `/v1/members/${survivor.id}/merge`, { duplicate: { id } }, 200);
}

export function gets(engine: CommandEngine, path: string): Act {
  return { status: 200, carryOut: () => engine.api.get(path) };
}

export function posts(engine: CommandEngine, path: string, body?: object, status = 201): Act {
  return { status, carryOut: () => engine.api.post(path, body) };
}

function work(name: string, prepare: CommandWork['prepare']): CommandWork {
  return { name, prepare };
}

function redemption({ id }: Person, mode: 'capture' | 'authorise'): object {
  return { member: { id }, points: POINTS, mode };
}

function adjustment({ id }: Person, points: number): object {
  return { member: { id }, points, reason: 'sorry' };
}

function sends(engine: CommandEngine, from: Person, to: Person): Act {
  return posts(engine, '/v1/transfers', { from: { id: from.id }, to: { id: to.id }, points: POINTS });
}

function returned(engine: CommandEngine, purchaseId: string): Act {
  const body = { source: 'commands', receiptNo: `back-${purchaseId}`, occurredAt: at(), whole: true };
  return posts(engine, `/v1/purchases/${purchaseId}/returns`, body);
}

async function bought(engine: CommandEngine, member: Person, category?: string): Promise<string> {
  const { id } = await answered(201, engine.api.post('/v1/purchases', receiptFor(member, {}, category)));
  return id;
}

async function held(engine: CommandEngine, member: Person): Promise<string> {
  const { id } = await answered(201, engine.api.post('/v1/redemptions', redemption(member, 'authorise')));
  return id;
}

function voided(engine: CommandEngine, redemptionId: string): Promise<Answer> {
  return done(200, engine.api.post(`/v1/redemptions/${redemptionId}/void`));
}

async function reversed(engine: CommandEngine, member: Person, points: number): Promise<Act> {
  const { id } = await answered(201, engine.api.post('/v1/adjustments', adjustment(member, points)));
  return posts(engine, `/v1/adjustments/${id}/reverse`, { reason: 'sorry' });
}
