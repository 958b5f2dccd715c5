import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An account's open lots in spending order, so that whoever spends reads the first of them and no others (ADR 0011). */
export class FrontOfLots1764000000012 implements MigrationInterface {
  name = 'FrontOfLots1764000000012';

  async up(runner: QueryRunner): Promise<void> {
    await indexBy(runner, 'account_id, expires_at, earned_at');
  }

  async down(runner: QueryRunner): Promise<void> {
    await indexBy(runner, 'account_id, expires_at');
  }
}

async function indexBy(runner: QueryRunner, columns: string): Promise<void> {
  await runner.query(`DROP INDEX lots_open`);
  await runner.query(
    `CREATE INDEX lots_open ON lots (${columns}) WHERE available + held + pending + undelivered > 0`,
  );
}
