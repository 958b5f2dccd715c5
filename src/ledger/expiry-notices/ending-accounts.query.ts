import type { DataSource } from 'typeorm';
import { idToUuid, uuidToId, type AccountId, type ProgrammeId } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/time.js';

/** A programme and the last end of points that is near for it. */
export interface Horizon {
  readonly programmeId: ProgrammeId;
  readonly until: Instant;
}

export interface EndingAccount {
  readonly programmeId: ProgrammeId;
  readonly accountId: AccountId;
}

/** Where a page ended. */
interface Place {
  readonly endsAt: Instant;
  readonly accountId: AccountId;
}

/** After every account: what ends at the very instant from which the walk begins has expired. */
const LAST_ACCOUNT = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const announced = (endsAt: string): string =>
  `coalesce(a.announced_expiries::jsonb @> to_jsonb((extract(epoch FROM ${endsAt}) * 1000)::bigint), false)`;

const HORIZONS = `unnest($1::uuid[], $2::timestamptz[]) AS h(programme_id, until)`;

/** Each walks one index of what can end, by date and account. */
const ENDING = {
  fixed: `SELECT l.expires_at AS ends_at, l.account_id, a.programme_id
    FROM lots l JOIN accounts a ON a.account_id = l.account_id
    JOIN ${HORIZONS} ON h.programme_id = a.programme_id AND l.expires_at <= h.until
    WHERE l.available > 0 AND l.expires_at IS NOT NULL AND l.expires_at <= $3
      AND (l.expires_at, l.account_id) > ($4::timestamptz, $5::uuid) AND NOT ${announced('l.expires_at')}
    ORDER BY l.expires_at, l.account_id LIMIT $6`,
  sliding: `SELECT a.sliding_due_at AS ends_at, a.account_id, a.programme_id
    FROM accounts a JOIN ${HORIZONS} ON h.programme_id = a.programme_id AND a.sliding_due_at <= h.until
    WHERE a.sliding_due_at <= $3 AND (a.sliding_due_at, a.account_id) > ($4::timestamptz, $5::uuid)
      AND NOT ${announced('a.sliding_due_at')}
    ORDER BY a.sliding_due_at, a.account_id LIMIT $6`,
} as const;

interface EndingRow {
  readonly ends_at: Date;
  readonly account_id: string;
  readonly programme_id: string;
}

/**
 * Accounts with points that end after `now` and within their programme's horizon on a date that was not announced,
 * a page at a time. Holds one page; an account with several dates may come more than once.
 */
export async function* endingAccounts(
  dataSource: DataSource,
  horizons: readonly Horizon[],
  now: Instant,
  pageSize: number,
): AsyncGenerator<readonly EndingAccount[]> {
  const programmes = horizons.map(({ programmeId }) => idToUuid(programmeId));
  const ends = horizons.map(({ until }) => new Date(until));
  const last = new Date(Math.max(...horizons.map(({ until }) => until)));
  for (const sql of [ENDING.fixed, ENDING.sliding]) {
    let place: Place | null = null;
    for (;;) {
      const from: readonly unknown[] = place
        ? [new Date(place.endsAt), idToUuid(place.accountId)]
        : [new Date(now), LAST_ACCOUNT];
      const rows: readonly EndingRow[] = await dataSource.query(sql, [
        ...[programmes, ends, last],
        ...from,
        pageSize,
      ]);
      const end = rows.at(-1);
      if (!end) break;
      yield distinct(rows);
      place = { endsAt: end.ends_at.getTime(), accountId: uuidToId('acc', end.account_id) };
    }
  }
}

function distinct(rows: readonly EndingRow[]): readonly EndingAccount[] {
  const programmes = new Map(rows.map((row) => [row.account_id, row.programme_id]));
  return [...programmes].map(([accountId, programmeId]) => ({
    programmeId: uuidToId('prg', programmeId),
    accountId: uuidToId('acc', accountId),
  }));
}
