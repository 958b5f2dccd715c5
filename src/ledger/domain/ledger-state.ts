import type { Cause } from '../../kernel/domain-events.js';
import type { Draft } from '../../kernel/draft.js';
import type { AccountId, LotId } from '../../kernel/ids.js';
import { NeedsMoreRows } from '../../kernel/needs-more-rows.js';
import type { Points } from '../../kernel/points.js';
import type { Instant, LocalDate } from '../../kernel/time.js';
import { compareSpendingOrder, type Lot } from './lot.js';
import type { Movement } from './movement.js';

export interface ExpiringPoints {
  readonly expiresAt: Instant;
  readonly points: Points;
}

/** How many coming expiry dates a balance shows. */
export const EXPIRING_SHOWN = 3;

/** A step of the account's sliding expiry, not written yet. */
export interface Slide {
  readonly expiresAt: Instant;
  readonly cause: Cause;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
}

/** An account's points as the pipeline works on them. */
export interface LedgerState {
  readonly accountId: AccountId;
  readonly available: Points;
  /** Promised or owed, not usable yet. */
  readonly pending: Points;
  readonly held: Points;
  /** Owed by the member; while there is any, nothing is available. */
  readonly debt: Points;
  /** When the debt last grew, and on which posting date; nothing fills it before. Null where it never did. */
  readonly debtAt: Instant | null;
  readonly debtPostedOn: LocalDate | null;
  readonly lifetimeEarned: Points;
  readonly lifetimeRedeemed: Points;
  readonly movementSequence: number;
  readonly headHash: string;
  /** Exclusive end of all sliding lots; null where the account never had one. */
  readonly slidingExpiresAt: Instant | null;
  /** Available points of sliding lots. */
  readonly slidingAvailable: Points;
  /** The next fixed expiries of available points, earliest first: all of them up to `expiringUntil`. */
  readonly fixedExpiring: readonly ExpiringPoints[];
  /** Inclusive. Infinity where there are no others; else `fixedExpiring` has at least `EXPIRING_SHOWN`. */
  readonly expiringUntil: Instant;
  /** The first instant at which waiting points become usable or lapse; null when none wait. */
  readonly nextPendingAt: Instant | null;
  /** Lots known so far: all open ones once `complete`, else those that were loaded in part and those made since. */
  readonly lots: ReadonlyMap<LotId, Lot>;
  readonly complete: boolean;
  /**
   * In spending order, the last of the lots with an end of their own (or none) that were loaded, and of those that
   * slide: of either kind, what comes after it may be unknown. Null: no such end.
   */
  readonly horizon: Lot | null;
  readonly slidingHorizon: Lot | null;
  /** Inclusive. All open lots that end, come of age or lapse by then are known; minus infinity: none was looked for. */
  readonly reachesTo: Instant;
  /** Inclusive. The waiting lots that come first are known up to here; minus infinity: none was looked for. */
  readonly waitingUntil: Instant;
  /** Movements not written yet, and the lots they opened, changed, or gave new terms. */
  readonly movements: readonly Movement[];
  readonly opened: ReadonlySet<LotId>;
  readonly touched: ReadonlySet<LotId>;
  readonly renewed: ReadonlySet<LotId>;
  readonly slides: readonly Slide[];
}

/** The coming expiries of available points, fixed and sliding, earliest first. */
export function comingExpiries(
  state: Pick<LedgerState, 'fixedExpiring' | 'slidingExpiresAt' | 'slidingAvailable'>,
): readonly ExpiringPoints[] {
  const { fixedExpiring, slidingExpiresAt, slidingAvailable } = state;
  if (slidingExpiresAt === null || slidingAvailable === 0) return fixedExpiring;
  const same = fixedExpiring.find(({ expiresAt }) => expiresAt === slidingExpiresAt);
  const sliding = { expiresAt: slidingExpiresAt, points: slidingAvailable + (same?.points ?? 0) };
  return [...fixedExpiring.filter((entry) => entry !== same), sliding].sort(
    (a, b) => a.expiresAt - b.expiresAt,
  );
}

/**
 * The state with all of the account's open lots, and referenced closed ones, loaded. They are kept in the
 * order of their ids: what walks them must not depend on where the rows lay on the disk.
 */
export function withOpenLots(state: LedgerState, loaded: readonly Lot[]): LedgerState {
  const { slidingExpiresAt } = state;
  const ordered = [...loaded].sort((a, b) => (a.lotId < b.lotId ? -1 : 1));
  const lots = new Map(ordered.map((lot) => [lot.lotId, slideTo(lot, slidingExpiresAt)]));
  const opened = draftOf(state);
  opened.lots = lots;
  opened.complete = true;
  opened.horizon = null;
  opened.slidingHorizon = null;
  opened.reachesTo = Infinity;
  opened.waitingUntil = Infinity;
  return refreshed(state, opened);
}

/** Sums of points by the instant at which they end, earliest first, without those that came to nothing. */
export function inOrder(sums: ReadonlyMap<Instant, Points>): ExpiringPoints[] {
  return [...sums]
    .filter(([, points]) => points > 0)
    .sort(([a], [b]) => a - b)
    .map(([expiresAt, points]) => ({ expiresAt, points }));
}

/** A copy to be changed. Every state is made here or as one that has nothing new, so all are of one shape. */
export function draftOf(state: LedgerState): Draft<LedgerState> {
  return {
    accountId: state.accountId,
    available: state.available,
    pending: state.pending,
    held: state.held,
    debt: state.debt,
    debtAt: state.debtAt,
    debtPostedOn: state.debtPostedOn,
    lifetimeEarned: state.lifetimeEarned,
    lifetimeRedeemed: state.lifetimeRedeemed,
    movementSequence: state.movementSequence,
    headHash: state.headHash,
    slidingExpiresAt: state.slidingExpiresAt,
    slidingAvailable: state.slidingAvailable,
    fixedExpiring: state.fixedExpiring,
    expiringUntil: state.expiringUntil,
    nextPendingAt: state.nextPendingAt,
    lots: state.lots,
    complete: state.complete,
    horizon: state.horizon,
    slidingHorizon: state.slidingHorizon,
    reachesTo: state.reachesTo,
    waitingUntil: state.waitingUntil,
    movements: state.movements,
    opened: state.opened,
    touched: state.touched,
    renewed: state.renewed,
    slides: state.slides,
  };
}

const NO_LOTS: LedgerState['lots'] = new Map();
const NONE: ReadonlySet<LotId> = new Set();

/** What an account's row says: no lots, and nothing to be written. Of the fixed expiries the first are known. */
export function stateOfRow(
  row: Pick<
    LedgerState,
    | ('accountId' | 'available' | 'pending' | 'held' | 'debt' | 'lifetimeEarned' | 'lifetimeRedeemed')
    | ('debtAt' | 'debtPostedOn' | 'movementSequence' | 'headHash' | 'slidingExpiresAt' | 'slidingAvailable')
    | ('fixedExpiring' | 'nextPendingAt')
  >,
): LedgerState {
  const { fixedExpiring, expiringUntil } = firstExpiring(row.fixedExpiring);
  return {
    accountId: row.accountId,
    available: row.available,
    pending: row.pending,
    held: row.held,
    debt: row.debt,
    debtAt: row.debtAt,
    debtPostedOn: row.debtPostedOn,
    lifetimeEarned: row.lifetimeEarned,
    lifetimeRedeemed: row.lifetimeRedeemed,
    movementSequence: row.movementSequence,
    headHash: row.headHash,
    slidingExpiresAt: row.slidingExpiresAt,
    slidingAvailable: row.slidingAvailable,
    fixedExpiring,
    expiringUntil,
    nextPendingAt: row.nextPendingAt,
    lots: NO_LOTS,
    complete: false,
    horizon: null,
    slidingHorizon: null,
    reachesTo: -Infinity,
    waitingUntil: -Infinity,
    movements: [],
    opened: NONE,
    touched: NONE,
    renewed: NONE,
    slides: [],
  };
}

/** The first fixed expiries, which are all that a row has of them, and how far nothing is missing among them. */
export function firstExpiring(
  expiring: readonly ExpiringPoints[],
): Pick<LedgerState, 'fixedExpiring' | 'expiringUntil'> {
  const fixedExpiring = expiring.slice(0, EXPIRING_SHOWN);
  return { fixedExpiring, expiringUntil: fixedExpiring[EXPIRING_SHOWN - 1]?.expiresAt ?? Infinity };
}

/** A sliding lot ends when its account's sliding lots do. */
export function slideTo(lot: Lot, slidingExpiresAt: Instant | null): Lot {
  return lot.slides ? { ...lot, expiresAt: slidingExpiresAt } : lot;
}

/**
 * Works out what follows from the lots: coming expiries and when waiting points next need attention. With all
 * open lots loaded that is exact; else what the known lots changed is added to what was known before.
 * @throws NeedsMoreRows when so many expiries came to an end that the next ones are unknown, or so many lots that
 * waited no longer do.
 */
export function refreshed(before: LedgerState, after: LedgerState): LedgerState {
  const { accountId } = after;
  const sums = new Map<Instant, Points>();
  if (!after.complete) for (const { expiresAt, points } of before.fixedExpiring) sums.set(expiresAt, points);
  let slidingAvailable = after.complete ? 0 : before.slidingAvailable;
  // Where no waiting lots were looked for, the row tells when the first of them comes of age.
  const rowTells = after.waitingUntil === -Infinity;
  let nextPendingAt = rowTells ? (before.nextPendingAt ?? Infinity) : Infinity;
  for (const lot of after.lots.values()) {
    const attention = attentionAt(lot);
    nextPendingAt = Math.min(nextPendingAt, attention);
    const was = after.complete ? undefined : before.lots.get(lot.lotId);
    // Another may wait as long as this one did, or it was the only one.
    if (rowTells && was && attentionAt(was) === before.nextPendingAt && attention > before.nextPendingAt)
      throw new NeedsMoreRows(accountId, 'the next waiting lot');
    let known = was?.available ?? 0;
    if (was && known > 0 && !was.slides && was.expiresAt !== lot.expiresAt) {
      // With another end all of it counts there.
      if (was.expiresAt !== null) sums.set(was.expiresAt, (sums.get(was.expiresAt) ?? 0) - known);
      known = 0;
    }
    const change = lot.available - known;
    if (change === 0) continue;
    if (lot.slides) slidingAvailable += change;
    else if (lot.expiresAt !== null) sums.set(lot.expiresAt, (sums.get(lot.expiresAt) ?? 0) + change);
  }
  if (!rowTells && nextPendingAt > after.waitingUntil)
    throw new NeedsMoreRows(accountId, 'the next waiting lot');
  const expiringUntil = after.complete ? Infinity : before.expiringUntil;
  const fixedExpiring = inOrder(sums).filter(({ expiresAt }) => expiresAt <= expiringUntil);
  if (fixedExpiring.length < EXPIRING_SHOWN && expiringUntil < Infinity)
    throw new NeedsMoreRows(accountId, 'the next expiry', 'dates');
  const state = draftOf(after);
  state.fixedExpiring = fixedExpiring;
  state.expiringUntil = expiringUntil;
  state.slidingAvailable = slidingAvailable;
  state.nextPendingAt = Number.isFinite(nextPendingAt) ? nextPendingAt : null;
  return state;
}

/** When a lot's waiting points become usable or lapse; infinity where none wait. */
export function attentionAt(lot: Lot): Instant {
  if (lot.pending + lot.undelivered === 0) return Infinity;
  return lot.awaits ? lot.awaits.cancelAt : lot.availableAt;
}

/** Lots with available points in spending order, as far as none is missing among them. */
export function spendableLots({ lots, horizon, slidingHorizon }: LedgerState): Lot[] {
  const within = (lot: Lot, end: Lot | null) => end === null || compareSpendingOrder(lot, end) <= 0;
  return [...lots.values()]
    .filter((lot) => lot.available > 0 && within(lot, horizon) && within(lot, slidingHorizon))
    .sort(compareSpendingOrder);
}

/** All available lots that end before this are known; infinity: all lots that end at all. */
export function spendableUntil({ complete, horizon, slidingHorizon }: LedgerState): Instant {
  if (complete) return Infinity;
  return Math.min(horizon?.expiresAt ?? Infinity, slidingHorizon?.expiresAt ?? Infinity);
}
