/**
 * What the audit log and the events keep a digest of, for rows that are changed outside of commands, as SQL. In the
 * order of the digest: a column that is added later makes another digest, so it needs an entry of its own first.
 */
export const PROGRAMME_RECORD = 'p.programme_id, p.name, p.currency, p.time_zone, p.created_at';

export const CONFIG_RECORD = `c.programme_id, c.kind, c.key, c.version, c.status, c.effective_at, c.body::text,
  c.created_at, c.created_by, c.published_at, c.published_by`;

export const CONFIG_ACT_RECORD =
  'x.act_id, x.programme_id, x.kind, x.key, x.version, x.act, x.at, x.by, x.note';

export const CHANGE_REQUEST_RECORD = `x.request_id, x.programme_id, x.subject, x.subject_id, x.digest, x.base_version,
  x.before::text, x.content::text, x.requested_by, x.requested_at, x.maker_lines::text, x.effective_at, x.expires_at,
  x.state, x.decided_by, x.decided_at, x.decision_note`;

export const KEY_RECORD = `k.key_id, k.programme_id, k.name, k.scopes::text, k.hash, k.hint, k.created_at,
  k.expires_at, k.revoked_at, k.created_by, k.line_key_id`;

export const MEMBER_RECORD = `m.member_id, m.programme_id, m.home_account_id, m.external_id, m.enrolled_at,
  m.birth_date, m.attributes::text, m.created_at`;
