import {
  idToUuid,
  uuidToId,
  type LotId,
  type MemberId,
  type ProgrammeId,
  type PurchaseId,
  type ReturnId,
} from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import type { Instant, LocalDate } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import type { ReadRows } from '../platform/pipeline/index.js';
import type { PurchaseBody } from './domain/purchase-body.js';
import type { PostReturnBody } from './post-return.handler.js';
import { OPENED_LOTS, readFacts } from './recorded-purchase.query.js';
import type { ReturnedGrant, ReturnedLine } from './domain/return-facts.js';

/** Which receipts: those that occurred in a span and were recorded by an instant, inclusive. */
export interface ReceiptSpan {
  readonly programmeId: ProgrammeId;
  /** Inclusive. */
  readonly from: Instant;
  /** Exclusive. */
  readonly until: Instant;
  readonly recordedBy: Instant;
}

/** A receipt as it can be posted again, with what it really earned. */
export interface ReceiptToReplay {
  /** The member it is of now: the survivor of one who was merged. */
  readonly memberId: MemberId;
  readonly purchaseId: PurchaseId;
  readonly businessDate: LocalDate;
  readonly body: PurchaseBody;
  /** What it granted less what its returns came to, whatever had become of those points. */
  readonly keptPoints: Points;
  /** In the order in which they occurred. */
  readonly returns: readonly ReturnToReplay[];
}

/** A return of such a receipt. */
export interface ReturnToReplay {
  readonly returnId: ReturnId;
  readonly body: PostReturnBody;
}

/** The members of a programme with receipts in a span, in pages along their ids; members who were merged are no own. */
const MEMBERS = `SELECT m.member_id FROM members m
  WHERE m.programme_id = $1 AND m.merged_into IS NULL AND ($2::uuid IS NULL OR m.member_id > $2)
    AND EXISTS (SELECT FROM members owner JOIN purchases p ON p.member_id = owner.member_id
      WHERE (owner.member_id = m.member_id OR owner.merged_into = m.member_id)
        AND p.occurred_at >= $3 AND p.occurred_at < $4 AND p.recorded_at <= $5)
  ORDER BY m.member_id LIMIT $6`;

const RECEIPTS = `SELECT coalesce(owner.merged_into, owner.member_id) AS replayed_member, p.purchase_id, p.source,
    p.receipt_no, p.occurred_at, p.business_date, p.currency, p.channel, p.lines, p.tenders, p.redemption_ids, p.attributes,
    (SELECT json_agg(json_build_array(l.lot_id, l.points)) FROM (${OPENED_LOTS}) l WHERE l.rule_id IS NOT NULL) AS granted,
    (SELECT json_agg(json_build_object('id', r.return_id, 'source', r.source, 'receiptNo', r.receipt_no,
        'at', (extract(epoch FROM r.occurred_at) * 1000)::bigint, 'lines', r.lines, 'grants', r.grants)
        ORDER BY r.occurred_at, r.recorded_at, r.return_id)
      FROM returns r WHERE r.purchase_id = p.purchase_id AND r.recorded_at <= $4) AS returns
  FROM members owner JOIN purchases p ON p.member_id = owner.member_id
  WHERE (owner.member_id = ANY($1::uuid[]) OR owner.merged_into = ANY($1::uuid[]))
    AND p.occurred_at >= $2 AND p.occurred_at < $3 AND p.recorded_at <= $4
  ORDER BY replayed_member, p.occurred_at, p.recorded_at, p.purchase_id`;

const COUNT = `SELECT count(*) AS receipts, count(DISTINCT found.member_id) AS members FROM (
    SELECT coalesce(m.merged_into, m.member_id) AS member_id
    FROM members m JOIN purchases p ON p.member_id = m.member_id
    WHERE m.programme_id = $1 AND p.occurred_at >= $2 AND p.occurred_at < $3 AND p.recorded_at <= $4
    LIMIT $5) found`;

/** Members with receipts in a span after one, in the order of their ids. */
export async function membersToReplay(
  rows: ReadRows,
  { programmeId, from, until, recordedBy }: ReceiptSpan,
  after: MemberId | null,
  limit: number,
): Promise<readonly MemberId[]> {
  const values = [
    ...[idToUuid(programmeId), after && idToUuid(after)],
    ...[new Date(from), new Date(until), new Date(recordedBy), limit],
  ];
  return (await rows(MEMBERS, values)).map((row) => uuidToId('mbr', row['member_id'] as string));
}

/** The receipts of members in a span, member by member, each member's in the order in which they occurred. */
export async function receiptsToReplay(
  rows: ReadRows,
  { from, until, recordedBy }: ReceiptSpan,
  memberIds: readonly MemberId[],
): Promise<readonly ReceiptToReplay[]> {
  const values = [memberIds.map(idToUuid), new Date(from), new Date(until), new Date(recordedBy)];
  const found = await rows(RECEIPTS, values);
  const back = takenBack(found);
  return found.map((row) => readReceipt(row, back));
}

/** How many receipts there are in a span, and of how many members; no more are counted than `limit` receipts. */
export async function countReceiptsToReplay(
  rows: ReadRows,
  { programmeId, from, until, recordedBy }: ReceiptSpan,
  limit: number,
): Promise<{ readonly receipts: number; readonly members: number }> {
  const values = [idToUuid(programmeId), new Date(from), new Date(until), new Date(recordedBy), limit];
  const [row] = await rows(COUNT, values);
  return { receipts: Number(row?.['receipts']), members: Number(row?.['members']) };
}

interface ReturnRow {
  readonly id: string;
  readonly source: string;
  readonly receiptNo: string;
  readonly at: Instant;
  readonly lines: readonly ReturnedLine[];
  readonly grants: readonly ReturnedGrant[];
}

/** What returns took of each lot, which may be one of another receipt: a milestone is reached by several. */
function takenBack(found: readonly Row[]): ReadonlyMap<LotId, Points> {
  const back = new Map<LotId, Points>();
  for (const row of found)
    for (const { grants } of (row['returns'] ?? []) as readonly ReturnRow[])
      for (const { lotId, points, notTaken } of grants)
        back.set(lotId, (back.get(lotId) ?? 0) + points - notTaken);
  return back;
}

function readReceipt(row: Row, back: ReadonlyMap<LotId, Points>): ReceiptToReplay {
  const { purchaseId, businessDate, lines, ...facts } = readFacts(row);
  const returns = (row['returns'] ?? []) as readonly ReturnRow[];
  const granted = (row['granted'] ?? []) as readonly (readonly [string, Points])[];
  return {
    memberId: uuidToId('mbr', row['replayed_member'] as string),
    purchaseId,
    businessDate,
    // What was redeemed is no part of a replay, and a line does not depend on it.
    body: { ...facts, redemptionIds: [], lines: lines.map(({ redemptionId: _, ...line }) => line) },
    keptPoints: granted.reduce(
      (sum, [lotId, points]) => sum + points - (back.get(uuidToId('lot', lotId)) ?? 0),
      0,
    ),
    returns: returns.map((one) => returnOf(one, purchaseId, facts.occurredAt)),
  };
}

/** The return as a till posts it that names what came back, line by line. */
function returnOf(
  { id, source, receiptNo, at, lines }: ReturnRow,
  purchaseId: PurchaseId,
  measuresAt: Instant,
): ReturnToReplay {
  const asked = lines.map(({ lineNo, quantity, amountMinor }) =>
    quantity === '0'
      ? { lineNo, sku: null, quantity: null, amountMinor }
      : { lineNo, sku: null, quantity, amountMinor: null },
  );
  const lookedUp = {
    candidates: [purchaseId],
    waiting: null,
    referencedIds: [],
    earliestAt: measuresAt,
  };
  const body = {
    ...{ source, receiptNo, occurredAt: at, purchaseId, memberNamed: false, whole: false, lines: asked },
    ...{ spentPoints: null, onlyPending: false, lookedUp, measuresAt, wholeStanding: true as const },
  };
  return { returnId: uuidToId('ret', id), body };
}
