import type { AccountId } from '../../../kernel/ids.js';
import type { SqlErrorKind } from '../../database/sql-errors.js';
import type { Lack } from '../batch/decided-batch.js';
import { ALL_ROWS, NO_DEMAND, type Demand, type Demands } from '../batch/load-request.js';

/** How often a command is decided again because its account changed meanwhile, in the last shard it comes to. */
export const MAX_CONFLICTS = 64;
/** How often a batch is tried again after a race or a lost connection before it is given up. */
export const MAX_RACES = 8;
export const MAX_RECONNECTS = 40;
/** How often a batch is tried again while the database takes no writes. */
export const MAX_UNAVAILABLE = 4;
const LONGEST_PAUSE_MS = 64;

/** How often a batch was tried again already, by the kind of error. */
export type Tries = Record<Exclude<SqlErrorKind, 'other' | 'slow'>, number>;

const LIMITS: Readonly<Tries> = {
  race: MAX_RACES,
  connection: MAX_RECONNECTS,
  unavailable: MAX_UNAVAILABLE,
};

/** What to do with a batch that met an error: again at once, again on a new connection, or no more. */
export function afterError(kind: SqlErrorKind, tries: Readonly<Tries>): 'pause' | 'reconnect' | 'give-up' {
  // A statement that took too long may be quick with fewer commands.
  if (kind === 'other' || kind === 'slow' || tries[kind] >= LIMITS[kind]) return 'give-up';
  // After a failover the same address leads to the server that takes writes, on a new connection.
  return kind === 'race' ? 'pause' : 'reconnect';
}

/**
 * What to do with a command whose account changed since the load.
 * @param mayForward whether there is a shard that may take it over.
 * @param staysInOrder whether commands of its type are decided in the order in which they came.
 * @param mustLoad whether it is loaded for every attempt: a shard that has the account cached is always faster.
 * @param conflicts how often this shard decided it again already.
 */
export function afterConflict(
  mayForward: boolean,
  staysInOrder: boolean,
  mustLoad: boolean,
  conflicts: number,
): 'forward' | 'retry' | 'give-up' {
  if (mayForward && !staysInOrder && mustLoad) return 'forward';
  return conflicts < MAX_CONFLICTS ? 'retry' : 'give-up';
}

/**
 * How long to wait before the next attempt, in milliseconds: up to 2 after the first, doubling to 64, full jitter.
 * @param attempt how many failed, 1 or more. @param random 0 (inclusive) to 1 (exclusive).
 */
export function pauseAfter(attempt: number, random: number): number {
  return random * Math.min(LONGEST_PAUSE_MS, 2 ** attempt);
}

/** What the next attempt loads of an account, after a decision lacked something of it; in the end every row. */
export function withMore(demands: Demands | null, { accountId, wants }: Lack): Demands {
  const next = new Map<AccountId, Demand>(demands ?? []);
  return next.set(accountId, more(next.get(accountId) ?? NO_DEMAND, wants));
}

function more({ steps, dates, standing, debts, shared }: Demand, wants: Lack['wants']): Demand {
  // An earlier attempt already loaded this kind of rows, so what is lacking lies beyond the preload.
  const askedBefore =
    (wants === 'dates' && dates) || (wants === 'standing' && standing) || (wants === 'debts' && debts);
  return {
    steps: wants === 'everything' ? ALL_ROWS : wants === 'more' || askedBefore ? steps + 1 : steps,
    dates: dates || wants === 'dates',
    standing: standing || wants === 'standing',
    debts: debts || wants === 'debts',
    shared: shared || wants === 'shared',
  };
}
