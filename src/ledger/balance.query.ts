import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, type AccountId, type ProgrammeId } from '../kernel/ids.js';
import type { Clock, Instant } from '../kernel/time.js';
import { ApplyDue } from './due/apply-due.js';
import type { Row } from '../platform/database/row.js';
import { Prepared } from '../platform/database/prepared.js';
import { CLOCK, DATA_SOURCE } from '../platform/tokens.js';
import type { BalanceFigures } from './balance-view.js';
import { comingExpiries, EXPIRING_SHOWN } from './domain/ledger-state.js';
import { lotExpiresAt, lotPosition } from './lot-as-of.query.js';
import { ACCOUNT_WITH_EXPIRING, readExpiring } from './open-lots.query.js';

/** Movements are signed by the bucket they leave and the one they enter; what settled a debt lowers it. */
const AS_OF = `WITH known AS (
    SELECT m.* FROM movements m WHERE m.account_id = $1 AND m.occurred_at <= $2 AND m.recorded_at <= $3),
  moved AS (
    SELECT k.lot_id, k.to_bucket AS bucket, k.points FROM known k
    UNION ALL
    SELECT k.lot_id, k.from_bucket, -k.points FROM known k),
  sliding AS (
    SELECT max(s.expires_at) AS expires_at FROM sliding_expiries s
    WHERE s.account_id = $1 AND s.occurred_at <= $2 AND s.recorded_at <= $3)
  SELECT coalesce(sum(x.points) FILTER (WHERE x.bucket = 'available'), 0) AS available,
    coalesce(sum(x.points) FILTER (WHERE x.bucket IN ('pending', 'undelivered')), 0) AS pending,
    coalesce(sum(x.points) FILTER (WHERE x.bucket = 'held'), 0) AS held,
    coalesce(sum(x.points) FILTER (WHERE x.bucket = 'debt'), 0)
      - coalesce(sum(x.points) FILTER (WHERE x.bucket = 'settled'), 0) AS debt,
    -- What continues another account's lot was earned there.
    (SELECT coalesce(sum(k.points), 0) FROM known k JOIN lots g ON g.account_id = $1 AND g.lot_id = k.lot_id
      WHERE k.from_bucket = 'issued' AND g.parent_lot_id IS NULL) AS lifetime_earned,
    coalesce(sum(x.points) FILTER (WHERE x.bucket = 'redeemed'), 0) AS lifetime_redeemed,
    (SELECT s.expires_at FROM sliding s) AS sliding_expires_at,
    (SELECT sum(y.points) FROM moved y JOIN lots l ON l.account_id = $1 AND l.lot_id = y.lot_id
      WHERE y.bucket = 'available' AND l.slides) AS sliding_available,
    (SELECT json_agg(json_build_array((extract(epoch FROM e.expires_at) * 1000)::bigint, e.points))
      FROM (SELECT t.expires_at, sum(t.available) AS points
        FROM (SELECT ${lotExpiresAt('NULL')} AS expires_at, c.available
          FROM (SELECT m.lot_id, ${lotPosition('m.occurred_at <= $2 AND m.recorded_at <= $3')}
            FROM movements m WHERE m.account_id = $1 AND m.lot_id IS NOT NULL GROUP BY m.lot_id) c
          JOIN lots l ON l.account_id = $1 AND l.lot_id = c.lot_id WHERE c.available > 0) t
        WHERE t.expires_at IS NOT NULL
        GROUP BY t.expires_at ORDER BY t.expires_at LIMIT ${EXPIRING_SHOWN}) e) AS expiring
  FROM moved x`;

const CURRENT = new Prepared('account-with-expiring', ACCOUNT_WITH_EXPIRING);

/** An account's balance, now or at a past instant. */
@Injectable()
export class BalanceQuery {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly applyDue: ApplyDue,
  ) {}

  /** The balance now. What fell due is applied first, so the figure is what a till may spend. */
  async current(programmeId: ProgrammeId, accountId: AccountId): Promise<BalanceFigures> {
    const row = await this.read(programmeId, accountId);
    const now = this.clock.now();
    const figures = toFigures(row);
    const due = Math.min(
      at(row['next_hold_expiry_at']),
      at(row['next_pending_at']),
      at(row['forfeits_at']),
      figures.expiring[0]?.expiresAt ?? Infinity,
    );
    if (due > now) return figures;
    await this.applyDue.account(programmeId, accountId);
    return toFigures(await this.read(programmeId, accountId));
  }

  /** What had happened by `asOf`, as far as it was known by `knownAt`; out of the movements alone. */
  async asOf(accountId: AccountId, asOf: Instant, knownAt: Instant): Promise<BalanceFigures> {
    const values = [idToUuid(accountId), new Date(asOf), new Date(knownAt)];
    const [row] = await this.dataSource.query<Row[]>(AS_OF, values);
    return toFigures(row as Row);
  }

  private async read(programmeId: ProgrammeId, accountId: AccountId): Promise<Row> {
    const values = [idToUuid(accountId), idToUuid(programmeId)];
    const [row] = await CURRENT.rows(this.dataSource, values);
    if (!row) throw new Error(`no account ${accountId}`);
    return row;
  }
}

function at(value: unknown): Instant {
  return (value as Date | null)?.getTime() ?? Infinity;
}

function toFigures(row: Row): BalanceFigures {
  return {
    available: Number(row['available']),
    pending: Number(row['pending']),
    held: Number(row['held']),
    debt: Number(row['debt']),
    lifetimeEarned: Number(row['lifetime_earned']),
    lifetimeRedeemed: Number(row['lifetime_redeemed']),
    expiring: comingExpiries(readExpiring(row)),
  };
}
