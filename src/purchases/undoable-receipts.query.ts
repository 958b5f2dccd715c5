import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, uuidToId, type ProgrammeId, type PurchaseId, type UndoId } from '../kernel/ids.js';
import { formatInstant, type Instant } from '../kernel/time.js';
import type { VersionRef } from '../kernel/version-ref.js';
import { carryingAmount } from '../ledger/index.js';
import { presentMember } from '../members/index.js';
import type { Row } from '../platform/database/row.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import type { RecordedReturn } from './domain/recorded-purchase.js';
import { undoableReceipt, type GrantedPart, type UndoableReceipt } from './domain/undoable-receipt.js';
import { OPENED_LOTS } from './recorded-purchase.query.js';

/** Receipts looked at by one statement, whether the rule gave for them or not. */
const SCANNED = 500;

/**
 * Receipts of a span, in the order in which they occurred, each with what the version gave: its lots and those that
 * continue them, wherever they are, and what was taken back of the receipt.
 */
const PAGE = `WITH scanned AS MATERIALIZED (
    SELECT p.purchase_id, p.occurred_at, p.member_id, p.account_id, p.lot_ids
    FROM purchases p JOIN accounts a ON a.account_id = p.account_id
    WHERE a.programme_id = $1 AND p.occurred_at >= $2 AND p.occurred_at < $3
      AND ($4::timestamptz IS NULL OR (p.occurred_at, p.purchase_id) > ($4, $5::uuid))
    ORDER BY p.occurred_at, p.purchase_id LIMIT ${SCANNED})
  SELECT p.purchase_id, p.occurred_at, now.member_id, now.account_id, g.parts,
    CASE WHEN g.parts IS NOT NULL THEN (SELECT json_agg(b.grants) FROM (
      SELECT t.grants FROM returns t WHERE t.purchase_id = p.purchase_id
      UNION ALL SELECT u.grants FROM undone_grants u WHERE u.purchase_id = p.purchase_id) b) END AS back
  FROM scanned p
  ${presentMember('p', '$1')}
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(o.lot_id, o.points, x.account_id, x.allocated::text, x.points,
      x.undelivered, x.pending, x.available, x.held, x.expired + x.cancelled)) AS parts
    FROM (${OPENED_LOTS}) o
    CROSS JOIN LATERAL (
      SELECT s.* FROM lots s WHERE s.account_id = o.account_id AND s.lot_id = o.lot_id
      UNION ALL SELECT s.* FROM lots s WHERE o.moved > 0 AND s.root_lot_id = o.lot_id) x
    WHERE o.rule_id = $6 AND o.rule_version = $7) g ON true
  ORDER BY p.occurred_at, p.purchase_id`;

const UNDONE = `SELECT count(DISTINCT u.purchase_id)::int AS receipts, count(DISTINCT u.member_id)::int AS members,
    coalesce(sum(u.points_taken), 0)::text AS points_taken, coalesce(sum(u.debt), 0)::text AS debt,
    coalesce(sum(u.forgiven), 0)::text AS forgiven
  FROM undone_grants u WHERE u.undo_id = $1`;

const OF_PURCHASE = `SELECT u.undo_id, u.account_id, u.recorded_at, u.points_taken, u.debt, u.forgiven
  FROM undone_grants u JOIN accounts a ON a.account_id = u.account_id AND a.programme_id = $1
  WHERE u.purchase_id = $2 ORDER BY u.recorded_at, u.undone_id`;

/** A version of a rule, and the receipts by the instants at which they occurred. */
interface UndoSpan {
  readonly rule: VersionRef;
  readonly from: Instant;
  /** Exclusive. */
  readonly until: Instant;
}

/** The last receipt that was looked at. */
export interface ReceiptPosition {
  readonly at: Instant;
  readonly purchaseId: PurchaseId;
}

interface UndoablePage {
  readonly receipts: readonly UndoableReceipt[];
  /** Where to go on; null at the end. */
  readonly next: ReceiptPosition | null;
}

/** Finds what versions of rules gave, and what undos took back of it. */
@Injectable()
export class UndoableReceiptsQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** The receipts of a page for which something is left to be taken back; there may be none before the end. */
  async page(
    programmeId: ProgrammeId,
    { rule, from, until }: UndoSpan,
    after: ReceiptPosition | null,
  ): Promise<UndoablePage> {
    const rows = await this.dataSource.query<Row[]>(PAGE, [
      ...[idToUuid(programmeId), new Date(from), new Date(until)],
      ...[after && new Date(after.at), after && idToUuid(after.purchaseId), rule.id, rule.version],
    ]);
    const last = rows.at(-1);
    return {
      receipts: rows.flatMap((row) => (row['parts'] === null ? [] : (readReceipt(row) ?? []))),
      next: last && rows.length === SCANNED ? positionOf(last) : null,
    };
  }

  /** What an undo took back so far. */
  async undone(undoId: UndoId) {
    const [row = {}] = await this.dataSource.query<Row[]>(UNDONE, [idToUuid(undoId)]);
    return {
      receipts: row['receipts'] as number,
      members: row['members'] as number,
      pointsTaken: Number(row['points_taken']),
      debt: Number(row['debt']),
      forgiven: Number(row['forgiven']),
    };
  }

  /** What undos took back of a receipt, in the order in which they did. */
  async ofPurchase(programmeId: ProgrammeId, purchaseId: PurchaseId) {
    const rows = await this.dataSource.query<Row[]>(OF_PURCHASE, [
      idToUuid(programmeId),
      idToUuid(purchaseId),
    ]);
    return rows.map((row) => ({
      undoId: uuidToId('und', row['undo_id'] as string),
      accountId: uuidToId('acc', row['account_id'] as string),
      recordedAt: formatInstant((row['recorded_at'] as Date).getTime()),
      pointsTaken: Number(row['points_taken']),
      debt: Number(row['debt']),
      forgiven: Number(row['forgiven']),
    }));
  }
}

function positionOf(row: Row): ReceiptPosition {
  return {
    at: (row['occurred_at'] as Date).getTime(),
    purchaseId: uuidToId('pur', row['purchase_id'] as string),
  };
}

function readReceipt(row: Row): UndoableReceipt | null {
  const { at: occurredAt, purchaseId } = positionOf(row);
  const back = ((row['back'] ?? []) as RecordedReturn['grants'][]).map((grants) => ({ grants }));
  return undoableReceipt(
    {
      ...{ purchaseId, occurredAt },
      memberId: uuidToId('mbr', row['member_id'] as string),
      accountId: uuidToId('acc', row['account_id'] as string),
    },
    (row['parts'] as unknown[][]).map(readPart),
    back,
  );
}

function readPart(part: unknown[]): GrantedPart {
  const [opened, openedPoints, accountId, allocated] = part as [string, number, string, string];
  const [points, undelivered, pending, available, held, gone] = part.slice(4) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const money = { allocated: BigInt(allocated), points };
  const out = points - pending - available - held;
  return {
    opened: uuidToId('lot', opened),
    openedPoints,
    accountId: uuidToId('acc', accountId),
    there: undelivered + pending + available,
    gone,
    liability: carryingAmount(money, out) - carryingAmount(money, out + pending + available),
  };
}
