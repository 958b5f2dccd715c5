import type { DataSource } from 'typeorm';
import { uuidToId, type AccountId, type ProgrammeId } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/time.js';

/** Every branch walks an index of just what can fall due. */
const DUE = `SELECT DISTINCT a.account_id, a.programme_id FROM (
    (SELECT l.account_id FROM lots l WHERE l.available > 0 AND l.expires_at IS NOT NULL AND l.expires_at <= $1
      ORDER BY l.expires_at LIMIT $2)
    UNION ALL
    (SELECT r.account_id FROM redemptions r WHERE r.status = 'authorised' AND r.hold_expires_at <= $1
      ORDER BY r.hold_expires_at LIMIT $2)
    UNION ALL
    (SELECT w.account_id FROM accounts w WHERE w.next_pending_at <= $1 ORDER BY w.next_pending_at LIMIT $2)
    UNION ALL
    (SELECT s.account_id FROM accounts s WHERE s.sliding_due_at <= $1 ORDER BY s.sliding_due_at LIMIT $2)
    UNION ALL
    (SELECT f.account_id FROM accounts f WHERE f.forfeits_at <= $1 ORDER BY f.forfeits_at LIMIT $2)) d
  JOIN accounts a ON a.account_id = d.account_id LIMIT $2`;

/** The first instant at which something fell due that is not settled by `now`. */
const OLDEST = `SELECT least(
    (SELECT min(l.expires_at) FROM lots l WHERE l.available > 0 AND l.expires_at IS NOT NULL AND l.expires_at <= $1),
    (SELECT min(r.hold_expires_at) FROM redemptions r WHERE r.status = 'authorised' AND r.hold_expires_at <= $1),
    (SELECT min(w.next_pending_at) FROM accounts w WHERE w.next_pending_at <= $1),
    (SELECT min(s.sliding_due_at) FROM accounts s WHERE s.sliding_due_at <= $1),
    (SELECT min(f.forfeits_at) FROM accounts f WHERE f.forfeits_at <= $1)) AS due_at`;

/** Accounts on which something fell due by `now`, at most `limit`. */
export async function dueAccounts(
  dataSource: DataSource,
  now: Instant,
  limit: number,
): Promise<readonly { readonly programmeId: ProgrammeId; readonly accountId: AccountId }[]> {
  const rows = await dataSource.query<{ account_id: string; programme_id: string }[]>(DUE, [
    new Date(now),
    limit,
  ]);
  return rows.map((row) => ({
    programmeId: uuidToId('prg', row.programme_id),
    accountId: uuidToId('acc', row.account_id),
  }));
}

/** When the oldest of what is due by `now` fell due; null when nothing is. */
export async function oldestDue(dataSource: DataSource, now: Instant): Promise<Instant | null> {
  const rows = await dataSource.query<{ due_at: Date | null }[]>(OLDEST, [new Date(now)]);
  return rows[0]?.due_at?.getTime() ?? null;
}
