import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, uuidToId, type ProgrammeId } from '../kernel/ids.js';
import { formatInstant } from '../kernel/time.js';
import { timeListStatement, type Condition, type TimeList } from '../platform/database/time-list.js';
import type { AskedPage } from '../platform/http/time-list.dto.js';
import type { Row } from '../platform/database/row.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { storedReturnView } from './return.query.js';

/** Which receipts or returns, beside member and days. */
export interface NumberFilter {
  readonly source: string | null;
  readonly receiptNo: string | null;
}

const PURCHASES: TimeList = {
  select: `SELECT p.purchase_id, p.member_id, p.account_id, p.source, p.receipt_no, p.occurred_at, p.recorded_at,
      p.business_date::text AS business_date, p.currency, p.channel, p.amount_minor, p.tax_minor, p.actor
    FROM purchases p JOIN accounts a ON a.account_id = p.account_id WHERE a.programme_id = $1`,
  table: 'purchases',
  at: 'p.occurred_at',
  id: 'p.purchase_id',
};

const RETURNS: TimeList = {
  select: `SELECT r.* FROM returns r JOIN accounts a ON a.account_id = r.account_id WHERE a.programme_id = $1`,
  table: 'returns',
  at: 'r.occurred_at',
  id: 'r.return_id',
};

/** A number is found by its claim, which has an index of its own; the rest of the key is the programme and the scope. */
const numbered = (
  table: string,
  scope: string,
  { source, receiptNo }: NumberFilter,
): readonly Condition[] => {
  if (source === null) return [];
  if (receiptNo === null) return [[(p) => `${table}.source = ${p}::text`, source]];
  return [
    [
      (p) => `${table}.account_id = (SELECT c.account_id FROM claims c WHERE c.programme_id = $1
        AND c.scope = '${scope}' AND c.key = ${p}::text)`,
      `${source}\n${receiptNo}`,
    ],
    [(p) => `${table}.source || E'\\n' || ${table}.receipt_no = ${p}::text`, `${source}\n${receiptNo}`],
  ];
};

/** Receipts and returns, newest first. */
@Injectable()
export class PurchaseListQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async purchases(programmeId: ProgrammeId, page: AskedPage, number: NumberFilter) {
    const rows = await this.rows(PURCHASES, programmeId, page, [
      ...ofMember('p', page),
      ...numbered('p', 'receipt', number),
    ]);
    return rows.map(summaryOf);
  }

  async returns(programmeId: ProgrammeId, page: AskedPage, number: NumberFilter) {
    const rows = await this.rows(RETURNS, programmeId, page, [
      ...ofMember('r', page),
      ...numbered('r', 'return', number),
    ]);
    return rows.map(storedReturnView);
  }

  private rows(list: TimeList, programmeId: ProgrammeId, page: AskedPage, conditions: readonly Condition[]) {
    const { sql, values } = timeListStatement(list, idToUuid(programmeId), page, conditions);
    return this.dataSource.query<Row[]>(sql, [...values]);
  }
}

function ofMember(table: string, { memberId }: AskedPage): readonly Condition[] {
  return memberId === null ? [] : [[(p) => `${table}.member_id = ${p}::uuid`, idToUuid(memberId)]];
}

/** A receipt in a list: what it is, without its lines; those are asked for by its id. */
function summaryOf(row: Row) {
  return {
    id: uuidToId('pur', row['purchase_id'] as string),
    memberId: uuidToId('mbr', row['member_id'] as string),
    accountId: uuidToId('acc', row['account_id'] as string),
    source: row['source'] as string,
    receiptNo: row['receipt_no'] as string,
    occurredAt: formatInstant((row['occurred_at'] as Date).getTime()),
    recordedAt: formatInstant((row['recorded_at'] as Date).getTime()),
    businessDate: row['business_date'] as string,
    currency: row['currency'] as string,
    channel: row['channel'] as string | null,
    amountMinor: Number(row['amount_minor']),
    taxMinor: Number(row['tax_minor']),
    actor: row['actor'] as string | null,
  };
}
