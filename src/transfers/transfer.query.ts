import { transferView } from '../ledger/index.js';
import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, type ProgrammeId, type TransferId } from '../kernel/ids.js';
import type { Row } from '../platform/database/row.js';
import { timeListStatement, type TimeList } from '../platform/database/time-list.js';
import type { AskedPage } from '../platform/http/time-list.dto.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { readTransfer } from './transfers.slice.js';

/** A transfer as it is stored, with the key that made it; null where that is of before it was kept. */
export type TransferRecord = ReturnType<typeof transferView> & { readonly actor: string | null };

const LIST: TimeList = {
  select: `SELECT t.* FROM transfers t JOIN accounts a ON a.account_id = t.account_id WHERE a.programme_id = $1`,
  table: 'transfers',
  at: 't.transferred_at',
  id: 't.transfer_id',
};

@Injectable()
export class TransferQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async find(programmeId: ProgrammeId, transferId: TransferId): Promise<TransferRecord | null> {
    const [row] = await this.dataSource.query<Row[]>(
      `SELECT t.* FROM transfers t JOIN accounts a ON a.account_id = t.account_id
       WHERE t.transfer_id = $1 AND a.programme_id = $2`,
      [idToUuid(transferId), idToUuid(programmeId)],
    );
    return row ? recordOf(row) : null;
  }

  /** What a member gave or got, or all there is, newest first. */
  async page(programmeId: ProgrammeId, page: AskedPage): Promise<readonly TransferRecord[]> {
    const { memberId } = page;
    const of = (p: string) => `(t.member_id = ${p}::uuid OR t.to_member_id = ${p}::uuid)`;
    const conditions = memberId === null ? [] : [[of, idToUuid(memberId)] as const];
    const { sql, values } = timeListStatement(LIST, idToUuid(programmeId), page, conditions);
    return (await this.dataSource.query<Row[]>(sql, [...values])).map(recordOf);
  }
}

function recordOf(row: Row): TransferRecord {
  return { ...transferView(readTransfer(row)), actor: row['actor'] as string | null };
}
