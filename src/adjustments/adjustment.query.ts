import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { LotPoints } from '../kernel/domain-events.js';
import { idToUuid, uuidToId, type AdjustmentId, type LotId, type ProgrammeId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import { timeListStatement, type Condition, type TimeList } from '../platform/database/time-list.js';
import type { AskedPage } from '../platform/http/time-list.dto.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { readAdjustment } from './adjustment.rows.js';
import type { AdjustmentFacts } from './domain/adjustment-facts.js';

/** As the API says it: a request without a decision in time is `lapsed`. */
export const SHOWN_STATUSES = ['requested', 'posted', 'rejected', 'lapsed'] as const;
export type ShownStatus = (typeof SHOWN_STATUSES)[number];

const LIST: TimeList = {
  select: `SELECT ad.* FROM adjustments ad WHERE ad.programme_id = $1`,
  table: 'adjustments',
  at: 'ad.requested_at',
  id: 'ad.adjustment_id',
};

/** A posted correction that was interrupted before it had taken its points everywhere. */
export interface InterruptedCorrection {
  readonly programmeId: ProgrammeId;
  readonly made: AdjustmentFacts;
  /** The lots of the adjustment that it corrects. */
  readonly namedLots: readonly LotId[];
}

const INTERRUPTED = `SELECT ad.*, given.lots AS given_lots FROM adjustments ad
  JOIN adjustments given ON given.adjustment_id = ad.corrects_id
  WHERE ad.status = 'posted' AND ad.outcome -> 'elsewhere' IS NOT NULL
    AND coalesce(ad.decided_at, ad.requested_at) < $1 AND ($2::uuid IS NULL OR ad.adjustment_id > $2)
  ORDER BY ad.adjustment_id LIMIT $3`;

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

  /**
   * A page of the installation's corrections that still have points to take in other accounts, with the lots of what
   * they correct, in the order of their ids.
   * @param before posted before it. @param after the last of the page before.
   */
  async interrupted(
    before: Instant,
    after: AdjustmentId | null,
    limit: number,
  ): Promise<readonly InterruptedCorrection[]> {
    const values = [new Date(before), after && idToUuid(after), limit];
    const rows = await this.dataSource.query<Row[]>(INTERRUPTED, values);
    return rows.map((row) => ({
      programmeId: uuidToId('prg', row['programme_id'] as string),
      made: readAdjustment(row),
      namedLots: (row['given_lots'] as LotPoints[]).map(({ lotId }) => lotId),
    }));
  }

  /** Newest first. @param now by which a request has lapsed or not. */
  async page(
    programmeId: ProgrammeId,
    page: AskedPage,
    status: ShownStatus | null,
    now: Instant,
  ): Promise<readonly AdjustmentFacts[]> {
    const { memberId } = page;
    const { sql, values } = timeListStatement(LIST, idToUuid(programmeId), page, [
      ...(memberId === null
        ? []
        : [[(p: string) => `ad.member_id = ${p}::uuid`, idToUuid(memberId)] as const]),
      ...(status === null ? [] : statusConditions(status, now)),
    ]);
    return (await this.dataSource.query<Row[]>(sql, [...values])).map(readAdjustment);
  }
}

function statusConditions(status: ShownStatus, now: Instant): readonly Condition[] {
  const stored = status === 'lapsed' ? 'requested' : status;
  const lapses = status === 'lapsed' ? '<=' : '>';
  return [
    [(p) => `ad.status = ${p}::text`, stored],
    ...(stored === 'requested'
      ? [[(p: string) => `ad.lapses_at ${lapses} ${p}::timestamptz`, new Date(now)] as const]
      : []),
  ];
}
