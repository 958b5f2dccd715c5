import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, type ProgrammeId } from '../kernel/ids.js';
import { subLedgerUnitsPerMinor } from '../kernel/money.js';
import type { LocalDate } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import type { ControlTotals } from './domain/opening-lot.js';

const BROUGHT_IN = `SELECT count(*) AS lots, coalesce(sum(m.points), 0) AS points,
    coalesce(sum(m.liability), 0) AS liability
  FROM movements m
  JOIN accounts a ON a.account_id = m.account_id
  JOIN lots l ON l.account_id = m.account_id AND l.lot_id = m.lot_id
  WHERE a.programme_id = $1 AND m.event_code = 'E26' AND l.valuation::jsonb -> 'opening' ->> 'source' = $2`;

const BEGUN = `SELECT EXISTS (SELECT FROM movements m JOIN accounts a ON a.account_id = m.account_id
  WHERE a.programme_id = $1 AND m.posting_date > $2 AND m.event_code IN ('E01', 'E03') AND m.liability <> 0) AS begun`;

/** Reads what opening balances brought in, from the movements themselves. */
@Injectable()
export class OpeningsQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** What came in from an old system. */
  async broughtIn(programmeId: ProgrammeId, source: string): Promise<ControlTotals> {
    const [row] = await this.dataSource.query<Row[]>(BROUGHT_IN, [idToUuid(programmeId), source]);
    return {
      lots: Number(row?.['lots']),
      points: Number(row?.['points']),
      carriedMinor: Number(BigInt(row?.['liability'] as string) / subLedgerUnitsPerMinor()),
    };
  }

  /** Whether points that carry money were earned in the books after a day. */
  async booksBegun(programmeId: ProgrammeId, day: LocalDate): Promise<boolean> {
    const [row] = await this.dataSource.query<Row[]>(BEGUN, [idToUuid(programmeId), day]);
    return row?.['begun'] === true;
  }
}
