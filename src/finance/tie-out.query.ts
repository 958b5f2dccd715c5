import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, type ProgrammeId } from '../kernel/ids.js';
import type { SubLedgerAmount } from '../kernel/money.js';
import type { Row } from '../platform/database/row.js';
import { negativeFigures } from '../ledger/index.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { momentValues, type Moment } from './as-of.js';
import { AS_OF, carryingAmountSql, POINTS_LIVE } from './movements.query.js';

/**
 * Two independent ways to the same figure: each lot's carrying amount recomputed from its own A, P and the
 * points that left it, and the money of the movements. Movements count whether their lot is there or not, so that
 * neither hides what the other lacks. A lot is there from the movement on that issued it: one that continues
 * another account's was earned long before.
 */
const TIE_OUT = `WITH moved AS MATERIALIZED (
    SELECT m.account_id, m.lot_id, ${POINTS_LIVE} AS live, sum(m.liability) AS liability
    FROM movements m JOIN accounts a ON a.account_id = m.account_id
    WHERE a.programme_id = $1 AND ${AS_OF}
    GROUP BY m.account_id, m.lot_id),
  listed AS (
    SELECT ${carryingAmountSql('c.live')} AS carrying, c.liability
    FROM lots l JOIN moved c ON c.account_id = l.account_id AND c.lot_id = l.lot_id)
  SELECT count(*) AS lots, coalesce(sum(x.carrying), 0) AS sub_ledger,
    count(*) FILTER (WHERE x.carrying <> x.liability) AS differing_lots,
    (SELECT coalesce(sum(c.liability), 0) FROM moved c) AS control
  FROM listed x`;

/** Whatever the moment that is asked for: all that is known by then, as of any instant or posting date. */
const NEGATIVE = `SELECT count(*) AS figures FROM (${negativeFigures(
  `m.account_id IN (SELECT a.account_id FROM accounts a WHERE a.programme_id = $1)
    AND ($2::timestamptz IS NULL OR m.recorded_at <= $2)`,
)}) n`;

export interface TieOut {
  readonly lots: number;
  /** Lots whose own movements do not add up to their carrying amount. */
  readonly differingLots: number;
  /** Buckets, carrying amounts and debts that are negative as of any instant or posting date. */
  readonly negativeFigures: number;
  /** Sum of the lots' carrying amounts. */
  readonly subLedger: SubLedgerAmount;
  /** Balance of the control account: sum of the movements' money. */
  readonly control: SubLedgerAmount;
}

/** Lots against control account at a moment (I1). */
@Injectable()
export class TieOutQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async at(programmeId: ProgrammeId, moment: Moment): Promise<TieOut> {
    const values = [idToUuid(programmeId), ...momentValues(moment)];
    const [row = {}] = await this.dataSource.query<Row[]>(TIE_OUT, values);
    const known = moment.knownAt === null ? null : new Date(moment.knownAt);
    const [negative = {}] = await this.dataSource.query<Row[]>(NEGATIVE, [values[0], known]);
    return {
      negativeFigures: Number(negative['figures']),
      lots: Number(row['lots']),
      differingLots: Number(row['differing_lots']),
      subLedger: BigInt(row['sub_ledger'] as string),
      control: BigInt(row['control'] as string),
    };
  }
}
