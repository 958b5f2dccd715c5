import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { AdjustmentFacts } from '../kernel/domain-events.js';
import { idToUuid, type AdjustmentId, type MemberId, type ProgrammeId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import type { Row } from '../platform/pipeline/slice.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { readAdjustment } from './adjustment.rows.js';

/** As the API says it: a request that nobody decided on in time is `lapsed`. */
export const SHOWN_STATUSES = ['requested', 'posted', 'rejected', 'lapsed'] as const;
export type ShownStatus = (typeof SHOWN_STATUSES)[number];

export interface AdjustmentFilter {
  readonly memberId: MemberId | null;
  readonly status: ShownStatus | null;
  readonly cursor: AdjustmentId | null;
  readonly limit: number;
  /** By which a request has lapsed or not. */
  readonly now: Instant;
}

const PAGE = `SELECT ad.* FROM adjustments ad
  WHERE ad.programme_id = $1
    AND ($2::uuid IS NULL OR ad.member_id = $2)
    AND ($3::text IS NULL OR $3 = CASE WHEN ad.status = 'requested' AND ad.lapses_at <= $4 THEN 'lapsed' ELSE ad.status END)
    AND ($5::uuid IS NULL OR ad.adjustment_id < $5)
  ORDER BY ad.adjustment_id DESC LIMIT $6`;

@Injectable()
export class AdjustmentQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async find(programmeId: ProgrammeId, adjustmentId: AdjustmentId): Promise<AdjustmentFacts | null> {
    const [row] = await this.dataSource.query<Row[]>(
      'SELECT ad.* FROM adjustments ad WHERE ad.adjustment_id = $1 AND ad.programme_id = $2',
      [idToUuid(adjustmentId), idToUuid(programmeId)],
    );
    return row ? readAdjustment(row) : null;
  }

  /** What was posted about an adjustment and still has points to take in other accounts, oldest first. */
  async unfinished(programmeId: ProgrammeId, correctsId: AdjustmentId): Promise<readonly AdjustmentFacts[]> {
    const rows = await this.dataSource.query<Row[]>(
      `SELECT ad.* FROM adjustments ad WHERE ad.corrects_id = $1 AND ad.programme_id = $2
        AND ad.status = 'posted' AND ad.outcome -> 'elsewhere' IS NOT NULL ORDER BY ad.adjustment_id`,
      [idToUuid(correctsId), idToUuid(programmeId)],
    );
    return rows.map(readAdjustment);
  }

  /** Newest first. */
  async page(programmeId: ProgrammeId, filter: AdjustmentFilter): Promise<readonly AdjustmentFacts[]> {
    const { memberId, status, cursor, limit, now } = filter;
    const rows = await this.dataSource.query<Row[]>(PAGE, [
      idToUuid(programmeId),
      memberId === null ? null : idToUuid(memberId),
      status,
      new Date(now),
      cursor === null ? null : idToUuid(cursor),
      limit,
    ]);
    return rows.map(readAdjustment);
  }
}
