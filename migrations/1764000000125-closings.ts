import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A membership is closed by a command, whose event `verify` finds by the member. */
export class Closings1764000000125 implements MigrationInterface {
  name = 'Closings1764000000125';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX events_closings ON events (member_id) WHERE type = 'member.closed'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX events_closings');
  }
}
