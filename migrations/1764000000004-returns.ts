import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What returns leave behind beside their own rows, and how a member's receipts are found when goods come back. */
export class Returns1764000000004 implements MigrationInterface {
  name = 'Returns1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    // From which lots a return's points were taken: its own receipt's, and those that filled the debt at once.
    await runner.query("ALTER TABLE returns ADD COLUMN taken_from json NOT NULL DEFAULT '[]'");
    await runner.query('ALTER TABLE tier_changes ADD COLUMN return_id uuid');
    // Whether the member could earn when the receipt was recorded; null in receipts of before, whose trace tells.
    await runner.query('ALTER TABLE purchases ADD COLUMN counted boolean');
    await runner.query('CREATE INDEX purchases_member ON purchases (member_id, occurred_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX purchases_member');
    await runner.query('ALTER TABLE purchases DROP COLUMN counted');
    await runner.query('ALTER TABLE tier_changes DROP COLUMN return_id');
    await runner.query('ALTER TABLE returns DROP COLUMN taken_from');
  }
}
