import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, uuidToId, type LotId, type PurchaseId } from '../kernel/ids.js';
import type { Row } from '../platform/database/row.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import type { PointsElsewhere } from './domain/adjustment-facts.js';
import { adjustmentProblems } from './problems.js';

/** The most accounts of which one correction takes points. */
export const MAX_ACCOUNTS_ELSEWHERE = 500;

/**
 * By account: what may be taken of lots that adjustments opened and of what continues them, and what is gone of it.
 * Lots that a receipt opened are none of these, so a small index finds the others.
 */
const PLACES = `SELECT x.account_id, sum(x.undelivered + x.pending + x.available) AS points,
    sum(x.expired + x.cancelled) AS gone
  FROM (
    SELECT o.* FROM lots o WHERE o.lot_id = ANY($1::uuid[]) AND o.purchase_id IS NULL AND o.parent_lot_id IS NULL
    UNION ALL
    SELECT k.* FROM lots k WHERE k.root_lot_id = ANY($1::uuid[])) x
  GROUP BY x.account_id
  HAVING sum(x.undelivered + x.pending + x.available + x.expired + x.cancelled) > 0
  ORDER BY points DESC, x.account_id LIMIT ${MAX_ACCOUNTS_ELSEWHERE + 1}`;

/** The receipts that opened lots, or that opened what these continue. */
const RECEIPTS = `SELECT DISTINCT l.purchase_id FROM lots l
  WHERE l.lot_id = ANY($1::uuid[]) AND l.purchase_id IS NOT NULL`;

/** Finds the accounts that points of adjustments went to. */
@Injectable()
export class PointsElsewhereQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /**
   * @param lotIds lots that an adjustment of the caller's programme opened.
   * @throws ProblemException TOO_MANY_ACCOUNTS beyond the limit.
   */
  async places(lotIds: readonly LotId[]): Promise<readonly PointsElsewhere[]> {
    if (lotIds.length === 0) return [];
    const rows = await this.dataSource.query<Row[]>(PLACES, [lotIds.map(idToUuid)]);
    if (rows.length > MAX_ACCOUNTS_ELSEWHERE) {
      const detail = `Its points are in more than ${MAX_ACCOUNTS_ELSEWHERE} accounts.`;
      throw new ProblemException(adjustmentProblems.problem('TOO_MANY_ACCOUNTS', detail));
    }
    return rows.map((row) => ({
      accountId: uuidToId('acc', row['account_id'] as string),
      points: Number(row['points']),
      gone: Number(row['gone']),
    }));
  }

  /** @param lotIds lots of the caller's programme. @returns the receipts that gave their points, in no order. */
  async receipts(lotIds: readonly LotId[]): Promise<readonly PurchaseId[]> {
    if (lotIds.length === 0) return [];
    const rows = await this.dataSource.query<Row[]>(RECEIPTS, [lotIds.map(idToUuid)]);
    return rows.map((row) => uuidToId('pur', row['purchase_id'] as string));
  }
}
