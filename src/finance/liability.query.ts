import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, type ProgrammeId } from '../kernel/ids.js';
import type { Row } from '../platform/database/row.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { momentValues, type Moment } from './as-of.js';
import type { PointsAndMoney } from './domain/roll-forward.js';
import { AS_OF, POINTS_CHANGE } from './movements.query.js';

const LIABILITY = `SELECT coalesce(sum(${POINTS_CHANGE}), 0) AS points, coalesce(sum(m.liability), 0) AS gross
  FROM movements m JOIN accounts a ON a.account_id = m.account_id
  WHERE a.programme_id = $1 AND ${AS_OF}`;

/** What a programme owes its members at a moment: the control account, summed from the movements. */
@Injectable()
export class LiabilityQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async at(programmeId: ProgrammeId, moment: Moment): Promise<PointsAndMoney> {
    const values = [idToUuid(programmeId), ...momentValues(moment)];
    const [row] = await this.dataSource.query<Row[]>(LIABILITY, values);
    return { points: BigInt(row?.['points'] as string), gross: BigInt(row?.['gross'] as string) };
  }
}
