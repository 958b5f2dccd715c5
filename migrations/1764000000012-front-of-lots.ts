import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An account's open lots in spending order, so that whoever spends reads the first of them and no others, and its
 * coming expiries on its own row, so that no lot is read for them (ADR 0011).
 */
export class FrontOfLots1764000000012 implements MigrationInterface {
  name = 'FrontOfLots1764000000012';

  async up(runner: QueryRunner): Promise<void> {
    await indexBy(runner, 'account_id, expires_at, earned_at');
    await runner.query(`ALTER TABLE accounts ADD COLUMN expiring json`);
    await runner.query(NOTE_EXPIRIES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE accounts DROP COLUMN expiring`);
    await indexBy(runner, 'account_id, expires_at');
  }
}

/** The next three fixed expiries of the available points of every account, as milliseconds and points. */
const NOTE_EXPIRIES = `UPDATE accounts a SET expiring = e.expiring
  FROM (SELECT x.account_id,
      json_agg(json_build_array((extract(epoch FROM x.expires_at) * 1000)::bigint, x.points) ORDER BY x.expires_at) AS expiring
    FROM (SELECT l.account_id, l.expires_at, sum(l.available) AS points,
        row_number() OVER (PARTITION BY l.account_id ORDER BY l.expires_at) AS place
      FROM lots l WHERE l.available > 0 AND l.expires_at IS NOT NULL
      GROUP BY l.account_id, l.expires_at) x
    WHERE x.place <= 3 GROUP BY x.account_id) e
  WHERE e.account_id = a.account_id`;

async function indexBy(runner: QueryRunner, columns: string): Promise<void> {
  await runner.query(`DROP INDEX lots_open`);
  await runner.query(
    `CREATE INDEX lots_open ON lots (${columns}) WHERE available + held + pending + undelivered > 0`,
  );
}
