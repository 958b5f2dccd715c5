import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, type ProgrammeId, type RedemptionId } from '../kernel/ids.js';
import type { Row } from '../platform/database/row.js';
import { timeListStatement, type TimeList } from '../platform/database/time-list.js';
import type { AskedPage } from '../platform/http/time-list.dto.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import type { RedemptionFacts, RedemptionStatus } from './domain/redemption-facts.js';
import { readRedemption } from './redemptions.slice.js';

const LIST: TimeList = {
  select: `SELECT r.* FROM redemptions r JOIN accounts a ON a.account_id = r.account_id WHERE a.programme_id = $1`,
  table: 'redemptions',
  at: 'r.authorised_at',
  id: 'r.redemption_id',
};

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

  /** Newest first. */
  async page(
    programmeId: ProgrammeId,
    page: AskedPage,
    status: RedemptionStatus | null,
  ): Promise<readonly RedemptionFacts[]> {
    const { memberId } = page;
    const { sql, values } = timeListStatement(LIST, idToUuid(programmeId), page, [
      ...(memberId === null
        ? []
        : [[(p: string) => `r.member_id = ${p}::uuid`, idToUuid(memberId)] as const]),
      ...(status === null ? [] : [[(p: string) => `r.status = ${p}::text`, status] as const]),
    ]);
    return (await this.dataSource.query<Row[]>(sql, [...values])).map(readRedemption);
  }
}
