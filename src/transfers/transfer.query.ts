import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { TransferFacts } from '../kernel/domain-events.js';
import { idToUuid, type ProgrammeId, type TransferId } from '../kernel/ids.js';
import type { Row } from '../platform/pipeline/slice.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { readTransfer } from './transfers.slice.js';

@Injectable()
export class TransferQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async find(programmeId: ProgrammeId, transferId: TransferId): Promise<TransferFacts | null> {
    const [row] = await this.dataSource.query<Row[]>(
      `SELECT t.* FROM transfers t JOIN accounts a ON a.account_id = t.account_id
       WHERE t.transfer_id = $1 AND a.programme_id = $2`,
      [idToUuid(transferId), idToUuid(programmeId)],
    );
    return row ? readTransfer(row) : null;
  }
}
