import type { BucketPoints } from '../../kernel/domain-events.js';
import type { Points } from '../../kernel/points.js';
import { accountedFor } from './points-back.js';
import type { RecordedReturn } from './recorded-purchase.js';
import type { ReturnedGrant } from './return-facts.js';
import type { RuleGrant } from './rule-grant.js';
import { planTakeBack, type LotCounters } from './take-back.js';

/** Where an undo takes points of a grant, and what else there is of it. */
interface UndoPlace {
  /** The grant's lots, and those that continue them, in the account that the buyer has now. */
  readonly home: readonly LotCounters[];
  /** Those in another account, of which points are taken; null where they are taken at home. */
  readonly away: readonly LotCounters[] | null;
  /** Points that further accounts have, from which they are taken next. */
  readonly later: Points;
}

/** What an undo takes of a grant in one account. */
export interface PlannedUndo {
  readonly moves: readonly BucketPoints[];
  /** What is accounted for by it; points of which a return left some with the member are counted once. */
  readonly undone: ReturnedGrant;
  /** Points of it that were used, or are on hold; they are dealt with at home, once all other accounts are done. */
  readonly short: Points;
  /** Points that count for tiers and limits no more. */
  readonly uncounted: Points;
  /** Of these, what had expired: it was given, and stays used in budgets. */
  readonly expired: Points;
  /** Nothing of the grant is left. */
  readonly whole: boolean;
}

/** How many points of a grant returns and undos did not take back, those included that a return left with the member. */
export function undoable(
  grant: Pick<RuleGrant, 'lotIds' | 'points'>,
  returns: readonly Pick<RecordedReturn, 'grants'>[],
): Points {
  const { points, notTaken } = accountedFor(grant, returns);
  return grant.points - points + notTaken;
}

/**
 * What an undo takes of a grant: all that was not taken back yet. Of another account it takes no more than what home
 * lacks; what had filled a debt there stays filled.
 * @param returns what came back of the receipt so far, undos included.
 */
export function planUndo(
  grant: RuleGrant,
  returns: readonly Pick<RecordedReturn, 'grants'>[],
  { home, away, later }: UndoPlace,
): PlannedUndo {
  const before = accountedFor(grant, returns);
  const due = undoable(grant, returns);
  const here = planTakeBack(due, home, before.gone - grant.goneElsewhere, false);
  if (away === null) {
    return planned(grant, before, { moves: here.moves, gone: here.gone, short: here.short, taken: due });
  }
  const lots = away.map((lot) => ({ ...lot, settled: 0, expired: 0, cancelled: 0 }));
  const there = planTakeBack(here.short, lots, 0, false);
  const short = Math.max(0, there.short - later);
  return planned(grant, before, { moves: there.moves, gone: 0, short, taken: here.short - there.short });
}

function planned(
  grant: RuleGrant,
  before: ReturnType<typeof accountedFor>,
  { moves, gone, short, taken }: Pick<PlannedUndo, 'moves' | 'short'> & { gone: Points; taken: Points },
): PlannedUndo {
  const points = Math.min(taken, grant.points - before.points);
  // What a return left with the member was accounted for by it, so that it is counted for once.
  const notTaken = 0 - (taken - points);
  return {
    moves,
    undone: { lotId: grant.lotId, points, gone, notTaken },
    short,
    uncounted: taken - (grant.cancelled ? gone : 0),
    expired: grant.cancelled ? 0 : gone,
    whole: taken > 0 && before.points + points === grant.points && before.notTaken + notTaken === 0,
  };
}
