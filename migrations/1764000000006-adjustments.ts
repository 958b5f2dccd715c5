import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

/** What somebody did to points by hand, and what waits for the decision of another. */
export class Adjustments1764000000006 implements MigrationInterface {
  name = 'Adjustments1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE adjustments (
        account_id uuid NOT NULL,
        adjustment_id uuid NOT NULL,
        programme_id uuid NOT NULL,
        member_id uuid NOT NULL,
        kind text NOT NULL
          CHECK (kind IN ('credit', 'debit', 'reinstatement', 'extension', 'activation', 'cancellation')),
        status text NOT NULL CHECK (status IN ('requested', 'posted', 'rejected')),
        points bigint NOT NULL CHECK (points > 0),
        reason_id text NOT NULL,
        reason_version int NOT NULL,
        origin text CHECK (origin IN ('goodwill', 'non_purchase', 'sale_compensation')),
        lot_id uuid,
        expiring_by timestamptz,
        expires_at timestamptz,
        occurred_at timestamptz,
        lots json NOT NULL,
        evidence text,
        approved_by text,
        external_id text,
        requested_by text NOT NULL,
        requested_at timestamptz NOT NULL,
        lapses_at timestamptz,
        decided_by text,
        decided_at timestamptz,
        decision_note text,
        PRIMARY KEY (account_id, adjustment_id),
        CHECK (status <> 'requested' OR lapses_at IS NOT NULL),
        CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
        -- Whoever waited for a decision got one, from somebody else; whoever did not wait needed none.
        CHECK (status = 'requested' OR (lapses_at IS NULL) = (decided_at IS NULL)),
        CHECK (decided_by IS NULL OR decided_by <> requested_by)
      )`);
    await runner.query('CREATE INDEX adjustments_id ON adjustments (adjustment_id)');
    await runner.query('CREATE INDEX adjustments_programme ON adjustments (programme_id, adjustment_id)');
    await runner.query('CREATE INDEX adjustments_member ON adjustments (member_id, adjustment_id)');
    await runner.query(
      `CREATE INDEX adjustments_reinstated ON adjustments (lot_id) WHERE kind = 'reinstatement' AND status = 'posted'`,
    );
    await runner.query(`GRANT SELECT, INSERT, UPDATE ON adjustments TO ${APPLICATION_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE adjustments');
  }
}
