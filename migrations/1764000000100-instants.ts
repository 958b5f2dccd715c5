import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * From when on something can happen: to a lot after what moved it last, to a debt after it grew, to an account after
 * what was recorded of it last, in a programme after its last anchor. What is on record already is filled in.
 */
export class Instants1764000000100 implements MigrationInterface {
  name = 'Instants1764000000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE lots ADD COLUMN moved_at timestamptz, ADD COLUMN moved_on date`);
    await runner.query(`ALTER TABLE accounts ADD COLUMN debt_at timestamptz, ADD COLUMN debt_posted_on date,
      ADD COLUMN last_recorded_at timestamptz`);
    await runner.query(`ALTER TABLE programmes ADD COLUMN anchored_until timestamptz`);
    for (const statement of [LOTS, DEBTS, RECORDED, ANCHORED]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE programmes DROP COLUMN anchored_until`);
    await runner.query(
      `ALTER TABLE accounts DROP COLUMN debt_at, DROP COLUMN debt_posted_on, DROP COLUMN last_recorded_at`,
    );
    await runner.query(`ALTER TABLE lots DROP COLUMN moved_at, DROP COLUMN moved_on`);
  }
}

const LOTS = `UPDATE lots l SET moved_at = m.moved_at, moved_on = m.moved_on
  FROM (SELECT x.account_id, x.lot_id, max(x.occurred_at) AS moved_at, max(x.posting_date) AS moved_on
    FROM movements x WHERE x.lot_id IS NOT NULL GROUP BY x.account_id, x.lot_id) m
  WHERE m.account_id = l.account_id AND m.lot_id = l.lot_id`;

const DEBTS = `UPDATE accounts a SET debt_at = m.debt_at, debt_posted_on = m.debt_posted_on
  FROM (SELECT x.account_id, max(x.occurred_at) AS debt_at, max(x.posting_date) AS debt_posted_on
    FROM movements x WHERE x.to_bucket = 'debt' OR x.from_bucket = 'settled' GROUP BY x.account_id) m
  WHERE m.account_id = a.account_id`;

const RECORDED = `UPDATE accounts a SET last_recorded_at = r.recorded_at
  FROM (SELECT m.account_id, max(m.recorded_at) AS recorded_at FROM movements m GROUP BY m.account_id) r
  WHERE r.account_id = a.account_id`;

const ANCHORED = `UPDATE programmes p SET anchored_until = x.cut_off
  FROM (SELECT a.programme_id, max(a.cut_off) AS cut_off FROM anchors a GROUP BY a.programme_id) x
  WHERE x.programme_id = p.programme_id`;
