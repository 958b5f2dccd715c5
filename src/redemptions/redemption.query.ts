import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, type ProgrammeId, type RedemptionId } from '../kernel/ids.js';
import type { RedemptionFacts } from '../kernel/domain-events.js';
import type { Row } from '../platform/pipeline/slice.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { readRedemption } from './redemptions.slice.js';

@Injectable()
export class RedemptionQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async find(programmeId: ProgrammeId, redemptionId: RedemptionId): Promise<RedemptionFacts | null> {
    const [row] = await this.dataSource.query<Row[]>(
      `SELECT r.* FROM redemptions r JOIN accounts a ON a.account_id = r.account_id
       WHERE r.redemption_id = $1 AND a.programme_id = $2`,
      [idToUuid(redemptionId), idToUuid(programmeId)],
    );
    return row ? readRedemption(row) : null;
  }
}
