import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The day with which a lot's points began to be promised or owed in the books, before which none of its movements is
 * posted; and when what a movement is about happened, where its points moved later than that.
 */
export class PostingDates1764000000140 implements MigrationInterface {
  name = 'PostingDates1764000000140';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE movements ADD COLUMN effective_at timestamptz');
    await runner.query('ALTER TABLE lots ADD COLUMN posted_on date');
    await runner.query(`UPDATE lots l SET posted_on = m.posted_on
      FROM (SELECT x.account_id, x.lot_id, max(x.posting_date) AS posted_on FROM movements x
        WHERE x.from_bucket = 'issued' OR (x.from_bucket = 'undelivered' AND x.to_bucket IN ('pending', 'available'))
        GROUP BY x.account_id, x.lot_id) m
      WHERE m.account_id = l.account_id AND m.lot_id = l.lot_id`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE lots DROP COLUMN posted_on');
    await runner.query('ALTER TABLE movements DROP COLUMN effective_at');
  }
}
