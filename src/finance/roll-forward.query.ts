import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, type ProgrammeId } from '../kernel/ids.js';
import type { Instant, LocalDate } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import type { MonthlyTotal, PointsAndMoney } from './domain/roll-forward.js';
import { POINTS_CHANGE } from './movements.query.js';

/** One statement, so opening and movements are of one moment. A null period is all that came before. */
const TOTALS = `SELECT x.period, x.event_code, x.to_debt, sum(x.points) AS points, sum(x.liability) AS gross
  FROM (
    SELECT CASE WHEN m.posting_date >= $2 THEN to_char(m.posting_date, 'YYYY-MM') END AS period,
      CASE WHEN m.posting_date >= $2 THEN m.event_code END AS event_code,
      m.posting_date >= $2 AND m.to_bucket = 'settled' AS to_debt,
      ${POINTS_CHANGE} AS points, m.liability
    FROM movements m JOIN accounts a ON a.account_id = m.account_id
    WHERE a.programme_id = $1 AND m.posting_date <= $3
      AND ($4::timestamptz IS NULL OR m.recorded_at <= $4)) x
  GROUP BY x.period, x.event_code, x.to_debt`;

export interface RollForwardTotals {
  readonly opening: PointsAndMoney;
  readonly totals: readonly MonthlyTotal[];
}

@Injectable()
export class RollForwardQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /**
   * What was outstanding before the first day, and the movements through the last one by month and event code; as
   * far as it was known by `knownAt`, or is known.
   */
  async totals(
    programmeId: ProgrammeId,
    firstDay: LocalDate,
    lastDay: LocalDate,
    knownAt: Instant | null,
  ): Promise<RollForwardTotals> {
    const known = knownAt === null ? null : new Date(knownAt);
    const values = [idToUuid(programmeId), firstDay, lastDay, known];
    const rows = await this.dataSource.query<Row[]>(TOTALS, values);
    const opening = rows.find((row) => row['period'] === null);
    return {
      opening: opening ? amounts(opening) : { points: 0n, gross: 0n },
      totals: rows
        .filter((row) => row['period'] !== null)
        .map((row) => ({
          period: row['period'] as string,
          eventCode: row['event_code'] as string | null,
          toDebt: row['to_debt'] as boolean,
          ...amounts(row),
        })),
    };
  }
}

function amounts(row: Row): PointsAndMoney {
  return { points: BigInt(row['points'] as string), gross: BigInt(row['gross'] as string) };
}
