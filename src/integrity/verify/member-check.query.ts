import { uuidToId } from '../../kernel/ids.js';
import { digestSql } from '../../platform/audit/audit.store.js';
import { MEMBER_RECORD } from '../../platform/audit/record-columns.js';
import type { Row } from '../../platform/database/row.js';
import { compare, type Difference } from './difference.js';

/**
 * A page of members with what the last event about a change of theirs says, and whether one says that they are closed
 * (by a command since, whose events have no record of the row), with the household they are in, and with their
 * survivor.
 */
export const MEMBERS = `SELECT m.member_id, m.status, m.account_id, m.home_account_id, m.household_role,
    m.merged_into, s.member_id IS NOT NULL AS has_survivor, encode(${digestSql(MEMBER_RECORD)}, 'hex') AS digest, encode(e.record, 'hex') AS record,
    CASE WHEN t.closed THEN 'closed' WHEN e.record IS NOT NULL THEN coalesce(e.data->>'status', 'active') END AS told_status,
    m.status_changes, t.changes AS told_changes, t.from_the_first,
    m.merged_into IS NULL OR coalesce(s.merged_from::jsonb, '[]') @> to_jsonb(m.member_id::text) AS is_known,
    (SELECT count(*) FROM json_array_elements_text(m.merged_from) x (member_id) WHERE NOT EXISTS (
      SELECT FROM members d WHERE d.merged_into = m.member_id AND d.member_id::text = x.member_id)) AS unknown,
    h.account_id IS NOT NULL AND h.closed_at IS NULL AS in_household,
    coalesce(a.counted, false) AND NOT EXISTS (SELECT FROM events x WHERE x.account_id = m.home_account_id
      AND x.member_id = m.member_id AND x.type = 'member.enrolled') AS never_enrolled,
    (SELECT count(*) FROM member_identities i WHERE i.member_id = m.member_id AND i.account_id <> m.account_id)
      AS misled
  FROM (SELECT p.* FROM members p
    WHERE ($1::uuid IS NULL OR p.programme_id = $1) AND ($2::uuid IS NULL OR p.member_id > $2)
    ORDER BY p.member_id LIMIT $3) m
  LEFT JOIN LATERAL (SELECT x.record, x.data FROM events x
    WHERE x.member_id = m.member_id AND x.record IS NOT NULL
    ORDER BY x.recorded_at DESC, x.event_id DESC LIMIT 1) e ON true
  LEFT JOIN LATERAL (SELECT
      json_agg(json_build_array(c.data->>'status', (extract(epoch FROM c.occurred_at) * 1000)::bigint)
        ORDER BY c.type = 'member.closed', c.recorded_at, c.event_id)
        FILTER (WHERE c.type IN ('member.suspended', 'member.reactivated', 'member.closed')) AS changes,
      coalesce(bool_or(c.type = 'member.enrolled'), false) AS from_the_first,
      coalesce(bool_or(c.type = 'member.closed'), false) AS closed
    FROM (SELECT x.type, x.data, x.occurred_at, x.recorded_at, x.event_id
        FROM events x WHERE x.member_id = m.member_id AND x.record IS NOT NULL
      UNION ALL
      SELECT x.type, x.data, x.occurred_at, x.recorded_at, x.event_id
        FROM events x WHERE x.member_id = m.member_id AND x.type = 'member.closed' AND x.record IS NULL) c) t ON true
  LEFT JOIN members s ON s.member_id = m.merged_into
  LEFT JOIN accounts a ON a.account_id = m.home_account_id
  LEFT JOIN households h ON h.account_id = m.account_id`;

/** What is wrong with a member's own row. */
export function checkMember(row: Row): readonly Difference[] {
  const subject = { memberId: uuidToId('mbr', row['member_id'] as string) };
  const text = (column: string): string => String(row[column]);
  const found: Difference[] = [];
  if (row['never_enrolled'] === true) found.push(...compare(subject, 'member.enrolled', 'an event', 'none'));
  if (row['record'] !== null)
    found.push(...compare(subject, 'member.record', text('record'), text('digest')));
  if (row['told_status'] !== null && row['merged_into'] === null)
    found.push(...compare(subject, 'member.status', text('told_status'), text('status')));
  const [told, noted] = statusChanges(row);
  found.push(...compare(subject, 'member.statusChanges', told, noted));
  found.push(...compare(subject, 'member.account', placeOf(row), text('account_id')));
  if (row['is_known'] !== true || Number(row['unknown']) > 0)
    found.push(...compare(subject, 'member.merged', 'the same of both', 'of one alone'));
  found.push(...compare(subject, 'member.identities', 0, Number(row['misled'])));
  return found;
}

/**
 * Since when the member had which status, by the events and by the row: of one enrolled before events had a record, as
 * far as both go back.
 */
function statusChanges(row: Row): readonly [told: string, noted: string] {
  const told = (row['told_changes'] ?? []) as readonly unknown[];
  const stored = row['status_changes'] ?? [];
  const noted: readonly unknown[] = Array.isArray(stored) ? stored : [stored];
  const common = row['from_the_first'] === true ? noted.length : Math.min(told.length, noted.length);
  const kept = noted.slice(noted.length - common);
  const expected = kept.length < told.length && kept.length > 0 ? told.slice(-kept.length) : told;
  return [JSON.stringify(expected), JSON.stringify(kept)];
}

/** The account that commands naming the member must act on. */
function placeOf(row: Row): string {
  const account = String(row['account_id']);
  if (row['merged_into'] !== null) return account;
  if (row['household_role'] === null) return String(row['home_account_id']);
  return row['in_household'] === true ? account : 'a household that is open';
}
