import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, type AccountId, type ProgrammeId } from '../kernel/ids.js';
import type { Clock, Instant } from '../kernel/time.js';
import { SettleDue } from '../platform/jobs/settle-due.js';
import type { Row } from '../platform/pipeline/slice.js';
import { CLOCK, DATA_SOURCE } from '../platform/tokens.js';
import type { BalanceFigures } from './balance-view.js';
import { EXPIRING_SHOWN } from './domain/ledger-state.js';

const CURRENT = `SELECT a.*, a.next_hold_expiry_at,
    (SELECT json_agg(json_build_array((extract(epoch FROM e.expires_at) * 1000)::bigint, e.points))
      FROM (SELECT o.expires_at, sum(o.available) AS points FROM lots o
        WHERE o.account_id = a.account_id AND o.available + o.held > 0 AND o.available > 0 AND o.expires_at IS NOT NULL
        GROUP BY o.expires_at ORDER BY o.expires_at LIMIT ${EXPIRING_SHOWN}) e) AS expiring
  FROM accounts a WHERE a.account_id = $1 AND a.programme_id = $2`;

/** Movements are signed by the bucket they leave and the one they enter. */
const AS_OF = `WITH moved AS (
    SELECT m.lot_id, m.to_bucket AS bucket, m.points, m.from_bucket FROM movements m
      WHERE m.account_id = $1 AND m.occurred_at <= $2 AND m.recorded_at <= $3
    UNION ALL
    SELECT m.lot_id, m.from_bucket, -m.points, NULL FROM movements m
      WHERE m.account_id = $1 AND m.occurred_at <= $2 AND m.recorded_at <= $3 AND m.from_bucket <> 'issued')
  SELECT coalesce(sum(x.points) FILTER (WHERE x.bucket = 'available'), 0) AS available,
    coalesce(sum(x.points) FILTER (WHERE x.bucket = 'pending'), 0) AS pending,
    coalesce(sum(x.points) FILTER (WHERE x.bucket = 'held'), 0) AS held,
    coalesce(sum(x.points) FILTER (WHERE x.from_bucket = 'issued'), 0) AS lifetime_earned,
    coalesce(sum(x.points) FILTER (WHERE x.bucket = 'redeemed'), 0) AS lifetime_redeemed,
    (SELECT json_agg(json_build_array((extract(epoch FROM e.expires_at) * 1000)::bigint, e.points))
      FROM (SELECT l.expires_at, sum(y.points) AS points
        FROM moved y JOIN lots l ON l.account_id = $1 AND l.lot_id = y.lot_id
        WHERE y.bucket = 'available' AND l.expires_at IS NOT NULL
        GROUP BY l.expires_at HAVING sum(y.points) > 0 ORDER BY l.expires_at LIMIT ${EXPIRING_SHOWN}) e) AS expiring
  FROM moved x`;

/** An account's balance, now or at a past instant. */
@Injectable()
export class BalanceQuery {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly settleDue: SettleDue,
  ) {}

  /** The balance now. What fell due and nobody settled yet is settled first, so the figure is what a till may spend. */
  async current(programmeId: ProgrammeId, accountId: AccountId): Promise<BalanceFigures> {
    const row = await this.read(programmeId, accountId);
    const now = this.clock.now();
    const hold = row['next_hold_expiry_at'] as Date | null;
    const figures = toFigures(row);
    const due = Math.min(hold?.getTime() ?? Infinity, figures.expiring[0]?.expiresAt ?? Infinity);
    if (due > now) return figures;
    await this.settleDue.account(programmeId, accountId);
    return toFigures(await this.read(programmeId, accountId));
  }

  /** What had happened by `asOf`, as far as it was known by `knownAt`; out of the movements alone. */
  async asOf(accountId: AccountId, asOf: Instant, knownAt: Instant): Promise<BalanceFigures> {
    const values = [idToUuid(accountId), new Date(asOf), new Date(knownAt)];
    const [row] = await this.dataSource.query<Row[]>(AS_OF, values);
    return toFigures({ ...row, debt: 0 });
  }

  private async read(programmeId: ProgrammeId, accountId: AccountId): Promise<Row> {
    const values = [idToUuid(accountId), idToUuid(programmeId)];
    const [row] = await this.dataSource.query<Row[]>(CURRENT, values);
    if (!row) throw new Error(`no account ${accountId}`);
    return row;
  }
}

function toFigures(row: Row): BalanceFigures {
  const expiring = (row['expiring'] ?? []) as [number, number][];
  return {
    available: Number(row['available']),
    pending: Number(row['pending']),
    held: Number(row['held']),
    debt: Number(row['debt']),
    lifetimeEarned: Number(row['lifetime_earned']),
    lifetimeRedeemed: Number(row['lifetime_redeemed']),
    expiring: expiring.map(([expiresAt, points]) => ({ expiresAt, points })),
  };
}
