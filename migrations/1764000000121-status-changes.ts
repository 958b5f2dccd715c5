import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A receipt is judged by the member's status when it occurred, so a member's row says when the status changed. */
export class StatusChanges1764000000121 implements MigrationInterface {
  name = 'StatusChanges1764000000121';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMN);
    await runner.query(FROM_EVENTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE members DROP COLUMN status_changes');
  }
}

/** Pairs of a status and the instant it began in milliseconds, earliest first; null for a member who was always active. */
const COLUMN = 'ALTER TABLE members ADD COLUMN status_changes json';

const FROM_EVENTS = `UPDATE members m SET status_changes = e.changes
  FROM (SELECT x.member_id, json_agg(json_build_array(
      CASE x.type WHEN 'member.suspended' THEN 'suspended' WHEN 'member.closed' THEN 'closed' ELSE 'active' END,
      (extract(epoch FROM x.occurred_at) * 1000)::bigint) ORDER BY x.occurred_at, x.sequence) AS changes
    FROM events x WHERE x.type IN ('member.suspended', 'member.reactivated', 'member.closed')
    GROUP BY x.member_id) e
  WHERE e.member_id = m.member_id`;
