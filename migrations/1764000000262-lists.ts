import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What lists are read by: receipts and the like in the order of time, members by both ends of their identities. */
export class Lists1764000000262 implements MigrationInterface {
  name = 'Lists1764000000262';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, on] of INDEXES) await runner.query(`CREATE INDEX ${name} ON ${on}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX ${INDEXES.map(([name]) => name).join(', ')}`);
  }
}

const INDEXES = [
  ['purchases_time', 'purchases (occurred_at, purchase_id)'],
  ['returns_time', 'returns (occurred_at, return_id)'],
  ['returns_member', 'returns (member_id, occurred_at)'],
  ['redemptions_time', 'redemptions (authorised_at, redemption_id)'],
  ['redemptions_member', 'redemptions (member_id, authorised_at)'],
  ['transfers_time', 'transfers (transferred_at, transfer_id)'],
  ['transfers_member', 'transfers (member_id, transferred_at)'],
  ['transfers_to_member', 'transfers (to_member_id, transferred_at)'],
  ['adjustments_time', 'adjustments (programme_id, requested_at, adjustment_id)'],
  ['member_identities_start', 'member_identities (programme_id, lower(value) text_pattern_ops)'],
  ['member_identities_end', 'member_identities (programme_id, reverse(lower(value)) text_pattern_ops)'],
  ['tier_changes_to', 'tier_changes (to_tier, member_id)'],
] as const;
