/** A table whose rows are part of an account's sum of records. */
export interface SealedTable {
  readonly name: string;
  /** SQL of the account whose sum has the row `x`. */
  readonly account: string;
  /**
   * What a seal covers, in its order. A row says how many of them its own covers, so a column that comes later is
   * added at the end and older rows keep their digests.
   */
  readonly columns: readonly string[];
  /** How many columns the first seals covered. */
  readonly first: number;
}

const sealed = (name: string, columns: string, account = 'x.account_id'): SealedTable => {
  const names = columns.trim().split(/\s+/);
  return { name, account, columns: names, first: names.length };
};

/** A table that got columns after the first seals. */
const grown = (name: string, first: string, later: string, account?: string): SealedTable => {
  const { columns, ...table } = sealed(name, first, account);
  return { ...table, columns: [...columns, ...later.split(' ')] };
};

/** Held against what the pipeline writes by `test/sealed-tables.spec.ts`. */
export const SEALED_TABLES: readonly SealedTable[] = [
  grown(
    'purchases',
    `purchase_id member_id source receipt_no occurred_at recorded_at business_date currency channel amount_minor
     tax_minor lines tenders redemption_ids attributes explanation lot_ids counted`,
    'actor status_awards',
  ),
  sealed('terminal_receipts', `purchase_id source terminal_id terminal_sequence business_date`),
  grown(
    'returns',
    `return_id member_id purchase_id source receipt_no occurred_at recorded_at lines grants redemptions taken_from
     points_taken debt forgiven keep_from_refund_minor`,
    'adjustment_id actor refund_minor status_awards',
  ),
  sealed(
    'undone_grants',
    `undone_id undo_id purchase_id member_id recorded_at grants taken_from points_taken debt forgiven actor`,
  ),
  sealed(
    'activities',
    `activity_id member_id type type_version source external_id occurred_at recorded_at business_date attributes
     explanation lot_ids counted actor`,
  ),
  sealed(
    'activity_cancellations',
    `activity_id member_id cancelled_at reason taken_from points_taken gone debt forgiven actor`,
  ),
  sealed(
    'campaign_registrations',
    `registration_id programme_id member_id campaign_id campaign_version registered_at business_date points_granted
     explanation lot_ids actor`,
  ),
  sealed(
    'campaign_cancellations',
    `registration_id programme_id member_id campaign_id cancelled_at cause reason taken_from points_taken gone debt
     forgiven actor`,
  ),
  grown(
    'redemptions',
    `redemption_id member_id reward_id reward_version stocked voucher external_id authorised_at status points lots
     reversed_points discount_minor hold_expires_at void_reason purchase_id`,
    'actor',
  ),
  grown(
    'transfers',
    `transfer_id member_id kind to_account_id to_member_id points debt lots note external_id transferred_at`,
    'actor',
  ),
  sealed('sliding_expiries', `expires_at cause_type cause_id occurred_at recorded_at`),
  sealed('households', `programme_id name created_at`),
  grown(
    'tier_changes',
    `account_id member_id sequence from_tier to_tier since recorded_at tier_set_id tier_set_version purchase_id
     return_id sealed_by`,
    'cause_type',
    'coalesce(x.sealed_by, x.account_id)',
  ),
  sealed(
    'budget_movements',
    `movement_id programme_id member_id budget_id rule_id rule_version source_type source_id points uses cost
     recorded_at actor`,
  ),
  sealed('approval_uses', `programme_id reason_id line_key_id day sequence points account_id adjustment_id`),
  sealed(
    'calendar_gifts',
    `gift_id member_id rule_id rule_version occasion day years occurred_at recorded_at points explanation`,
  ),
  sealed(
    'milestone_steps',
    `milestone_id member_id rule_id rule_version run first_day award_id purchase_id return_id steps points gone
     lot_ids occurred_at recorded_at`,
  ),
  sealed(
    'promotion_gifts',
    `gift_id member_id rule_id rule_version tier since cause_type cause_id purchase_id occurred_at business_date
     recorded_at points explanation lot_ids`,
  ),
  sealed(
    'promotion_gift_reversals',
    'gift_id member_id cause_type cause_id recorded_at points_taken gone debt forgiven',
  ),
  grown(
    'audit_log',
    `audit_id programme_id at actor action subject before after subject_id record sealed_by`,
    'member_id',
    'x.sealed_by',
  ),
];

/** Claims are found by the record that they are for. */
export const SEALED_CLAIMS = sealed(
  'claims',
  `account_id programme_id scope key fingerprint target_fingerprint command_id status answer recorded_at`,
);

/** What claims the opening balance that a lot is: its old system, and what that knows it by. */
export function openingKey(lot: string): string {
  const opening = `${lot}.valuation::jsonb -> 'opening'`;
  return `(${opening} ->> 'source') || E'\\n' || (${opening} ->> 'externalId')`;
}

/** The chain of an account's events; those that are written outside of commands cover the record as well. */
export const CHAINED_EVENTS: SealedTable = {
  ...sealed(
    'events',
    'sequence event_id programme_id member_id type version occurred_at recorded_at data record actor',
  ),
  first: 9,
};

/** What a row's seal covers as `record_send` writes it, without the number of columns; null for an unknown seal. */
export function sealedBytes({ columns, first }: SealedTable, alias = 'x'): string {
  const cases = Array.from({ length: columns.length - first + 1 }, (_, index) => {
    const count = first + index;
    const covered = columns.slice(0, count).map((column) => `${alias}.${column}`);
    return `WHEN ${count} THEN substr(record_send(ROW(${covered.join(', ')})), 5)`;
  });
  return `CASE ${alias}.seal ${cases.join(' ')} END`;
}
