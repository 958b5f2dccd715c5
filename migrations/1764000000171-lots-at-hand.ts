import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a command needs of an account is read without its other lots: the waiting lots that need attention first have an
 * index in that order, and the sum of the available points that slide stands on the account's row (ADR 0018). A
 * receipt whose points are usable at once has no entry in the index.
 */
export class LotsAtHand1764000000171 implements MigrationInterface {
  name = 'LotsAtHand1764000000171';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LOTS_WAITING);
    await runner.query(
      `ALTER TABLE accounts ADD COLUMN sliding_available bigint NOT NULL DEFAULT 0 CHECK (sliding_available >= 0)`,
    );
    await runner.query(NOTE_SLIDING);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE accounts DROP COLUMN sliding_available`);
    await runner.query(`DROP INDEX lots_waiting`);
  }
}

const LOTS_WAITING = `CREATE INDEX lots_waiting ON lots (account_id, (CASE WHEN awaits IS NULL
    THEN (extract(epoch FROM available_at AT TIME ZONE 'UTC') * 1000)::bigint
    ELSE (awaits->>'cancelAt')::bigint END))
  WHERE pending + undelivered > 0`;

const NOTE_SLIDING = `UPDATE accounts a SET sliding_available = s.points
  FROM (SELECT l.account_id, sum(l.available) AS points FROM lots l WHERE l.slides AND l.available > 0
    GROUP BY l.account_id) s
  WHERE s.account_id = a.account_id`;
