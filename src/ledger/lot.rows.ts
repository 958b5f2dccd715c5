import type { LinePoints, LotOrigin, Valuation } from '../kernel/domain-events.js';
import { uuidToId, type LotId } from '../kernel/ids.js';
import type { LocalDate } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import { byBucket, type Awaiting, type Lot, type LotBucket } from './domain/lot.js';

/** A row of `lots` as the domain's lot; of a sliding lot the expiry is the account's and filled in by it. */
export function readLot(row: Row): Lot {
  const counters = readCounters(row);
  return {
    undelivered: counters.undelivered,
    pending: counters.pending,
    available: counters.available,
    held: counters.held,
    redeemed: counters.redeemed,
    expired: counters.expired,
    returned: counters.returned,
    settled: counters.settled,
    moved: counters.moved,
    cancelled: counters.cancelled,
    lotId: uuidToId('lot', row['lot_id'] as string),
    memberId: uuidToId('mbr', row['member_id'] as string),
    origin: row['origin'] as LotOrigin,
    purchaseId: row['purchase_id'] === null ? null : uuidToId('pur', row['purchase_id'] as string),
    buyer: buyerOf(row['buyer']),
    rule:
      row['rule_id'] === null ? null : { id: row['rule_id'] as string, version: Number(row['rule_version']) },
    lines: ((row['lines'] ?? []) as [number, number][]).map(([lineNo, points]): LinePoints => ({
      lineNo,
      points,
    })),
    points: Number(row['points']),
    allocated: BigInt(row['allocated'] as string),
    valuation: row['valuation'] as Valuation | null,
    earnedAt: (row['earned_at'] as Date).getTime(),
    availableAt: (row['available_at'] as Date).getTime(),
    plannedAt: (row['planned_at'] as Date | null)?.getTime() ?? null,
    expiresAt: (row['expires_at'] as Date | null)?.getTime() ?? null,
    firstExpiresAt: (row['first_expires_at'] as Date | null)?.getTime() ?? null,
    slides: row['slides'] as boolean,
    awaits: row['awaits'] as Awaiting | null,
    postedOn: (row['posted_on'] as LocalDate | null | undefined) ?? null,
    parentLotId: lotIdOf(row['parent_lot_id']),
    rootLotId: lotIdOf(row['root_lot_id']),
    // A release of before they were kept may have made it.
    movedAt: ((row['moved_at'] ?? row['earned_at']) as Date).getTime(),
    movedOn: (row['moved_on'] ?? null) as string | null,
  };
}

function buyerOf(buyer: unknown): Lot['buyer'] {
  if (!buyer) return null;
  const [memberId, home] = buyer as [string, string];
  return { memberId: uuidToId('mbr', memberId), homeAccountId: uuidToId('acc', home) };
}

function lotIdOf(uuid: unknown): LotId | null {
  return uuid === null ? null : uuidToId('lot', uuid as string);
}

/** The ten counters of a lot out of columns named after them. */
export function readCounters(row: Row, prefix = ''): Record<LotBucket, number> {
  return byBucket((bucket) => Number(row[`${prefix}${bucket}`] ?? 0));
}

/** A lot as the pipeline writes it. */
export function lotRow(lot: Lot): Record<string, unknown> {
  return {
    undelivered: lot.undelivered,
    pending: lot.pending,
    available: lot.available,
    held: lot.held,
    redeemed: lot.redeemed,
    expired: lot.expired,
    returned: lot.returned,
    settled: lot.settled,
    moved: lot.moved,
    cancelled: lot.cancelled,
    lot_id: lot.lotId,
    member_id: lot.memberId,
    origin: lot.origin,
    purchase_id: lot.purchaseId,
    rule_id: lot.rule?.id ?? null,
    rule_version: lot.rule?.version ?? null,
    lines: lot.lines.map(({ lineNo, points }) => [lineNo, points]),
    points: lot.points,
    allocated: lot.allocated,
    valuation: lot.valuation,
    earned_at: lot.earnedAt,
    available_at: lot.availableAt,
    planned_at: lot.plannedAt,
    // A sliding lot ends when its account's do, which is kept once.
    expires_at: lot.slides ? null : lot.expiresAt,
    first_expires_at: lot.firstExpiresAt,
    slides: lot.slides,
    awaits: lot.awaits,
    posted_on: lot.postedOn,
    // Written only with a new lot: its awaited event is needed even when the lot no longer waits.
    first_awaits: lot.awaits && { ...lot.awaits, availableAt: lot.availableAt },
    parent_lot_id: lot.parentLotId,
    root_lot_id: lot.rootLotId,
    moved_at: lot.movedAt,
    moved_on: lot.movedOn,
  };
}
