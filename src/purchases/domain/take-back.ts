import type { BucketPoints } from '../../kernel/domain-events.js';
import type { LotId } from '../../kernel/ids.js';
import type { Points } from '../../kernel/points.js';

/** What a lot says about its points. */
export interface LotCounters {
  readonly lotId: LotId;
  readonly undelivered: Points;
  readonly pending: Points;
  readonly available: Points;
  readonly settled: Points;
  readonly expired: Points;
  readonly cancelled: Points;
}

export interface TakeBack {
  readonly moves: readonly BucketPoints[];
  /** Expired or cancelled before: as if the receipt had not happened they are not there, so nothing more is taken. */
  readonly gone: Points;
  /** Stays with the member because only waiting points were to be taken. */
  readonly notTaken: Points;
  /** Spent already, held, or moved away. */
  readonly short: Points;
}

const WAITING = ['undelivered', 'pending'] as const;
/** What costs the member least comes first; points that filled a debt leave it open again. */
const ALL = [...WAITING, 'available', 'settled'] as const;

/**
 * Where points that are taken back come from: the grant's own lot, and those that continue it here.
 * @param goneBefore of the expired and cancelled points, how many earlier returns counted already.
 */
export function planTakeBack(
  points: Points,
  lots: readonly LotCounters[],
  goneBefore: Points,
  onlyPending: boolean,
): TakeBack {
  const moves: BucketPoints[] = [];
  let left = points;
  for (const from of onlyPending ? WAITING : ALL) {
    for (const lot of lots) {
      const part = Math.min(left, lot[from]);
      if (part > 0) moves.push({ lotId: lot.lotId, from, points: part });
      left -= part;
    }
  }
  const goneNow = lots.reduce((sum, { expired, cancelled }) => sum + expired + cancelled, 0);
  const gone = Math.min(left, Math.max(0, goneNow - goneBefore));
  left -= gone;
  return { moves, gone, notTaken: onlyPending ? left : 0, short: onlyPending ? 0 : left };
}
