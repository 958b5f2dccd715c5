import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, uuidToId, type MemberId, type ProgrammeId } from '../kernel/ids.js';
import type { Instant, LocalDate } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import {
  timeListStatement,
  type Condition,
  type TimeList,
  type TimeListPage,
} from '../platform/database/time-list.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import type { PurchaseBody } from './domain/purchase-body.js';
import {
  MAX_WRONG_AMOUNTS,
  MAX_WRONG_CLAIMS_A_DAY,
  type UnmatchedId,
  type UnmatchedReceipt,
  type UnmatchedState,
} from './domain/unmatched-receipt.js';

/** Rows that one statement of the purge deletes at most. */
const PURGE_BATCH = 1_000;
/** How long a claim may take before a return waits for it no longer, milliseconds. */
export const CLAIM_UNDER_WAY_MS = 60_000;

/** Whether the number stands for a member's receipt by now, however the receipt came to its member. */
const CLAIMED = `EXISTS (SELECT FROM claims c WHERE c.programme_id = u.programme_id AND c.scope = 'receipt'
    AND c.key = u.source || E'\\n' || u.receipt_no)`;

const SELECT = `SELECT u.receipt_id, u.body, u.amount_minor, u.occurred_at, u.recorded_at, u.claimable_until,
    u.fingerprint, u.claim_code, u.returned_at, u.return_source, u.return_receipt_no, u.actor, ${CLAIMED} AS claimed
  FROM unmatched_receipts u WHERE u.programme_id = $1`;

const LIST: TimeList = {
  select: SELECT,
  table: 'unmatched_receipts',
  at: 'u.occurred_at',
  id: 'u.receipt_id',
};

const KEEP = `INSERT INTO unmatched_receipts (receipt_id, programme_id, source, receipt_no, occurred_at, recorded_at,
    claimable_until, currency, amount_minor, body, fingerprint, claim_code, actor)
  SELECT $2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
  WHERE NOT EXISTS (SELECT FROM claims c WHERE c.programme_id = $1 AND c.scope = 'receipt'
    AND c.key = $3::text || E'\\n' || $4::text)
  ON CONFLICT (programme_id, source, receipt_no) DO NOTHING RETURNING receipt_id`;

const TRY_RECEIPT = `UPDATE unmatched_receipts SET attempts = attempts + 1
  WHERE receipt_id = $1 AND attempts < ${MAX_WRONG_AMOUNTS} RETURNING attempts`;

const TRY_MEMBER = `INSERT INTO claim_attempts AS x (programme_id, member_id, day, attempts) VALUES ($1, $2, $3, 1)
  ON CONFLICT (programme_id, member_id, day) DO UPDATE SET attempts = x.attempts + 1
    WHERE x.attempts < ${MAX_WRONG_CLAIMS_A_DAY} RETURNING attempts`;

const FORGET_MEMBER = `UPDATE claim_attempts SET attempts = attempts - 1
  WHERE programme_id = $1 AND member_id = $2 AND day = $3 AND attempts > 0`;

const FORGET_RECEIPT = `UPDATE unmatched_receipts SET attempts = attempts - 1 WHERE receipt_id = $1 AND attempts > 0`;

/** One row decides between a claim and a return that come at once: each waits for the other's update and sees it. */
const BEGIN_CLAIM = `UPDATE unmatched_receipts SET claiming_since = $2 WHERE receipt_id = $1 AND returned_at IS NULL
  RETURNING receipt_id`;

const MARK_RETURNED = `UPDATE unmatched_receipts u SET returned_at = $2, return_source = $3, return_receipt_no = $4
  WHERE u.receipt_id = $1 AND u.returned_at IS NULL AND (u.claiming_since IS NULL OR u.claiming_since < $5)
    AND NOT ${CLAIMED}
  RETURNING u.receipt_id`;

const PURGE = `DELETE FROM unmatched_receipts WHERE receipt_id IN
  (SELECT receipt_id FROM unmatched_receipts WHERE claimable_until < $1 ORDER BY claimable_until LIMIT ${PURGE_BATCH})
  RETURNING receipt_id`;

/** A kept receipt with what only commands about it need. */
export interface KeptReceipt extends UnmatchedReceipt {
  readonly fingerprint: string;
  readonly returned: { readonly source: string; readonly receiptNo: string } | null;
  readonly actor: string;
}

export interface UnmatchedFilter {
  readonly source: string | null;
  readonly receiptNo: string | null;
  readonly state: UnmatchedState | null;
}

/** Receipts without a member. They belong to no account, so their rows are written outside of commands. */
@Injectable()
export class UnmatchedReceiptStore {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** @returns false where a receipt of this number is there already, with a member or without. */
  async keep(
    programmeId: ProgrammeId,
    receipt: UnmatchedReceipt,
    fingerprint: string,
    actor: string,
  ): Promise<boolean> {
    const { receiptId, body, amountMinor, recordedAt, claimableUntil, claimCode } = receipt;
    const rows = await this.dataSource.query<Row[]>(KEEP, [
      ...[idToUuid(programmeId), idToUuid(receiptId), body.source, body.receiptNo, new Date(body.occurredAt)],
      ...[new Date(recordedAt), new Date(claimableUntil), body.currency, amountMinor, JSON.stringify(body)],
      ...[Buffer.from(fingerprint, 'hex'), claimCode, actor],
    ]);
    return rows.length > 0;
  }

  async byNumber(programmeId: ProgrammeId, source: string, receiptNo: string, now: Instant) {
    const sql = `${SELECT} AND u.source = $2 AND u.receipt_no = $3`;
    return this.one(sql, [idToUuid(programmeId), source, receiptNo], now);
  }

  async byCode(programmeId: ProgrammeId, code: string, now: Instant) {
    return this.one(`${SELECT} AND u.claim_code = $2`, [idToUuid(programmeId), code], now);
  }

  async page(programmeId: ProgrammeId, page: TimeListPage, filter: UnmatchedFilter, now: Instant) {
    const { source, receiptNo, state } = filter;
    const conditions: readonly Condition[] = [
      ...(source === null ? [] : [[(p: string) => `u.source = ${p}::text`, source] as const]),
      ...(receiptNo === null ? [] : [[(p: string) => `u.receipt_no = ${p}::text`, receiptNo] as const]),
      ...(state === null ? [] : [conditionOf(state, now)]),
    ];
    const { sql, values } = timeListStatement(LIST, idToUuid(programmeId), page, conditions);
    return (await this.dataSource.query<Row[]>(sql, [...values])).map((row) => readKept(row, now));
  }

  /** Counts a claim of a member by day before it is looked at. @returns false where there were too many. */
  async countTry(programmeId: ProgrammeId, memberId: MemberId, day: LocalDate): Promise<boolean> {
    const values = [idToUuid(programmeId), idToUuid(memberId), day];
    return (await this.dataSource.query<Row[]>(TRY_MEMBER, values)).length > 0;
  }

  /** Counts an amount that is named for a receipt before it is compared. @returns false where there were too many. */
  async countAmount(receiptId: UnmatchedId): Promise<boolean> {
    const [rows] = await this.dataSource.query<[Row[], number]>(TRY_RECEIPT, [idToUuid(receiptId)]);
    return rows.length > 0;
  }

  /** Takes a claim that was right from the counts. */
  async forgetTry(
    programmeId: ProgrammeId,
    memberId: MemberId,
    day: LocalDate,
    receiptId: UnmatchedId | null,
  ) {
    await this.dataSource.query(FORGET_MEMBER, [idToUuid(programmeId), idToUuid(memberId), day]);
    if (receiptId !== null) await this.dataSource.query(FORGET_RECEIPT, [idToUuid(receiptId)]);
  }

  /** Keeps returns away while a claim is decided. @returns false where goods of it came back by now. */
  async beginClaim(receiptId: UnmatchedId, now: Instant): Promise<boolean> {
    const [rows] = await this.dataSource.query<[Row[], number]>(BEGIN_CLAIM, [
      idToUuid(receiptId),
      new Date(now),
    ]);
    return rows.length > 0;
  }

  /** @returns false where the receipt is claimed, is being claimed, or has a return already. */
  async markReturned(
    receiptId: UnmatchedId,
    by: { readonly source: string; readonly receiptNo: string; readonly occurredAt: Instant },
    now: Instant,
  ): Promise<boolean> {
    const [rows] = await this.dataSource.query<[Row[], number]>(MARK_RETURNED, [
      ...[idToUuid(receiptId), new Date(by.occurredAt), by.source, by.receiptNo],
      new Date(now - CLAIM_UNDER_WAY_MS),
    ]);
    return rows.length > 0;
  }

  /** Deletes a batch of what could be claimed before an instant only. @returns whether there may be more. */
  async purge(endedBefore: Instant): Promise<boolean> {
    const [rows] = await this.dataSource.query<[Row[], number]>(PURGE, [new Date(endedBefore)]);
    return rows.length === PURGE_BATCH;
  }

  async purgeTries(before: LocalDate): Promise<void> {
    await this.dataSource.query('DELETE FROM claim_attempts WHERE day < $1::date', [before]);
  }

  private async one(sql: string, values: readonly unknown[], now: Instant): Promise<KeptReceipt | null> {
    const [row] = await this.dataSource.query<Row[]>(sql, [...values]);
    return row ? readKept(row, now) : null;
  }
}

function conditionOf(state: UnmatchedState, now: Instant): Condition {
  const at = new Date(now);
  if (state === 'claimed') return [(p) => `${CLAIMED} AND ${p}::timestamptz IS NOT NULL`, at];
  if (state === 'returned')
    return [(p) => `NOT ${CLAIMED} AND u.returned_at IS NOT NULL AND ${p}::timestamptz IS NOT NULL`, at];
  const side = state === 'over' ? '<=' : '>';
  return [
    (p) => `NOT ${CLAIMED} AND u.returned_at IS NULL AND u.claimable_until ${side} ${p}::timestamptz`,
    at,
  ];
}

function readKept(row: Row, now: Instant): KeptReceipt {
  const claimableUntil = (row['claimable_until'] as Date).getTime();
  const isReturned = row['returned_at'] !== null;
  const unclaimed: UnmatchedState = isReturned ? 'returned' : claimableUntil <= now ? 'over' : 'open';
  return {
    receiptId: uuidToId('unm', row['receipt_id'] as string),
    body: row['body'] as PurchaseBody,
    amountMinor: Number(row['amount_minor']),
    recordedAt: (row['recorded_at'] as Date).getTime(),
    claimableUntil,
    claimCode: row['claim_code'] as string,
    state: row['claimed'] === true ? 'claimed' : unclaimed,
    fingerprint: (row['fingerprint'] as Buffer).toString('hex'),
    returned: isReturned
      ? { source: row['return_source'] as string, receiptNo: row['return_receipt_no'] as string }
      : null,
    actor: row['actor'] as string,
  };
}
