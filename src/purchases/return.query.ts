import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, uuidToId, type ProgrammeId, type PurchaseId, type ReturnId } from '../kernel/ids.js';
import type { Row } from '../platform/database/row.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import type { TakenPoints } from './domain/return-facts.js';
import { returnRecordView, type ReturnOnRecord } from './return-view.js';

const RETURNS = `SELECT r.* FROM returns r
  JOIN members m ON m.member_id = r.member_id AND m.programme_id = $1`;
const BY_ID = `${RETURNS} WHERE r.return_id = $2`;
const OF_PURCHASE = `${RETURNS} WHERE r.purchase_id = $2 ORDER BY r.recorded_at, r.return_id`;

/** Recorded returns. */
@Injectable()
export class ReturnQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async find(programmeId: ProgrammeId, returnId: ReturnId) {
    const rows = await this.rows(BY_ID, programmeId, returnId);
    return rows.map(storedReturnView)[0] ?? null;
  }

  /** What came back of a receipt, in the order in which it was recorded. */
  async ofPurchase(programmeId: ProgrammeId, purchaseId: PurchaseId) {
    const rows = await this.rows(OF_PURCHASE, programmeId, purchaseId);
    return rows.map(storedReturnView);
  }

  private rows(sql: string, programmeId: ProgrammeId, id: string): Promise<Row[]> {
    return this.dataSource.query<Row[]>(sql, [idToUuid(programmeId), idToUuid(id)]);
  }
}

/** A stored return as the API shows it. */
export function storedReturnView(row: Row) {
  return returnRecordView(readReturn(row), row['actor'] as string | null);
}

function readReturn(row: Row): ReturnOnRecord {
  return {
    returnId: uuidToId('ret', row['return_id'] as string),
    purchaseId: uuidToId('pur', row['purchase_id'] as string),
    memberId: uuidToId('mbr', row['member_id'] as string),
    accountId: uuidToId('acc', row['account_id'] as string),
    source: row['source'] as string,
    receiptNo: row['receipt_no'] as string,
    adjustmentId: row['adjustment_id'] === null ? null : uuidToId('adj', row['adjustment_id'] as string),
    occurredAt: (row['occurred_at'] as Date).getTime(),
    recordedAt: (row['recorded_at'] as Date).getTime(),
    lines: row['lines'] as ReturnOnRecord['lines'],
    grants: row['grants'] as ReturnOnRecord['grants'],
    status: (row['status_awards'] ?? []) as ReturnOnRecord['status'],
    redemptions: row['redemptions'] as ReturnOnRecord['redemptions'],
    takenFrom: row['taken_from'] as TakenPoints[],
    pointsTaken: Number(row['points_taken']),
    debt: Number(row['debt']),
    forgiven: Number(row['forgiven']),
    refundMinor: row['refund_minor'] === null ? null : Number(row['refund_minor']),
    keepFromRefundMinor: Number(row['keep_from_refund_minor']),
  };
}
