import type { TargetResolver } from '../platform/pipeline/index.js';

/** How commands find the account of a member, by id or by any identity; of one who was merged, the survivor's. */
export const memberTargets: readonly TargetResolver[] = [
  {
    kind: 'member',
    sql: `SELECT m.account_id, m.member_id FROM members m
      WHERE c.kind = 'member' AND m.member_id = c.ref_id AND m.programme_id = c.programme_id AND m.merged_into IS NULL
      UNION ALL
      SELECT now.account_id, now.member_id FROM members m JOIN members now ON now.member_id = m.merged_into
      WHERE c.kind = 'member' AND m.member_id = c.ref_id AND m.programme_id = c.programme_id`,
  },
  {
    // The account a member was enrolled with, whatever household they are in.
    kind: 'home',
    sql: `SELECT now.home_account_id, now.member_id FROM members m
      JOIN members now ON now.member_id = coalesce(m.merged_into, m.member_id)
      WHERE c.kind = 'home' AND m.member_id = c.ref_id AND m.programme_id = c.programme_id`,
  },
  {
    kind: 'identity',
    sql: `SELECT i.account_id, i.member_id FROM member_identities i
      WHERE c.kind = 'identity' AND i.programme_id = c.programme_id AND i.type = c.ref_type AND i.value = c.ref_value`,
  },
  {
    // A command about the account itself, such as a job's, speaks for the member who heads it.
    kind: 'account',
    sql: `SELECT a.account_id, a.head_member_id AS member_id FROM accounts a
      WHERE c.kind = 'account' AND a.account_id = c.ref_id AND a.programme_id = c.programme_id`,
  },
];
