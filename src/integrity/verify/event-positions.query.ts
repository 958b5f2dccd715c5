import { idToUuid, uuidToId, type AccountId } from '../../kernel/ids.js';
import type { Snapshot } from '../../platform/database/snapshot.js';
import type { Row } from '../../platform/database/row.js';
import { compare, type Difference } from './difference.js';

/** Rows fetched at once while streaming. */
const BATCH = 1000;

/** What of the accounts' events is published, and what waits for it. */
const OF_ACCOUNTS = `SELECT x.account_id, x.first_sequence, x.events, x.position FROM (
    SELECT p.account_id, p.first_sequence, p.events, p.position FROM event_positions p
    WHERE p.account_id = ANY($1::uuid[])
    UNION ALL
    SELECT u.account_id, u.first_sequence, u.events, NULL FROM unpublished_events u
    WHERE u.account_id = ANY($1::uuid[])) x
  ORDER BY x.account_id, x.first_sequence`;

const LAST_EVENTS = 'SELECT a.account_id, a.event_seq FROM accounts a WHERE a.account_id = ANY($1::uuid[])';

/** A page of the log; `before` is where the row in front of each ends. */
const PAGE = `SELECT count(*)::int AS rows, max(c.position) AS last,
    coalesce(json_agg(json_build_object('position', c.position - c.events + 1, 'before', c.before) ORDER BY c.position)
      FILTER (WHERE c.position - c.events <> c.before), '[]') AS faults
  FROM (SELECT p.position, p.events, lag(p.position, 1, $1::bigint) OVER (ORDER BY p.position) AS before
    FROM (SELECT x.position, x.events FROM event_positions x WHERE x.position > $1
      ORDER BY x.position LIMIT $2) p) c`;

const END = 'SELECT l.position FROM event_log l WHERE l.log_id = 1';

/**
 * Whether each event of some accounts has one position or waits for one, and the positions follow the sequence. An
 * account is reported once, at the first event at fault.
 */
export async function* eventPositions(
  snapshot: Snapshot,
  accounts: readonly AccountId[],
): AsyncGenerator<readonly Difference[]> {
  const values = [accounts.map(idToUuid)];
  const checks = new Map<string, AccountEvents>();
  for await (const rows of snapshot.batches(OF_ACCOUNTS, values, BATCH)) {
    for (const row of rows) {
      const account = row['account_id'] as string;
      const check = checks.get(account) ?? new AccountEvents();
      checks.set(account, check);
      check.add(row);
    }
  }
  const last = await snapshot.query(LAST_EVENTS, values);
  yield last.flatMap((row) => {
    const uuid = row['account_id'] as string;
    const check = checks.get(uuid) ?? new AccountEvents();
    return check.finish(uuidToId('acc', uuid), Number(row['event_seq']));
  });
}

/** The rows about an account's events, in the order of the sequence. */
class AccountEvents {
  private due = 1;
  private position = 0;
  private isWaiting = false;
  private fault: readonly [expected: string, actual: string] | null = null;

  add(row: Row): void {
    if (this.fault) return;
    const first = Number(row['first_sequence']);
    const events = Number(row['events']);
    if (first !== this.due) this.fault = [`event ${this.due}`, `event ${first}`];
    this.due = first + events;
    if (row['position'] === null) {
      this.isWaiting = true;
      return;
    }
    const position = Number(row['position']);
    const begins = position - events + 1;
    if (this.isWaiting) this.fault ??= [`event ${first} waits like those before it`, `position ${begins}`];
    if (begins <= this.position)
      this.fault ??= [`event ${first} after position ${this.position}`, `position ${begins}`];
    this.position = position;
  }

  finish(accountId: AccountId, lastEvent: number): readonly Difference[] {
    const [expected, actual] = this.fault ?? [lastEvent, this.due - 1];
    return compare({ accountId }, 'account.eventPositions', expected, actual);
  }
}

/** What a page of the log brought; `after` is the last position of it, null when there are no more. */
export interface LogPage {
  readonly differences: readonly Difference[];
  readonly after: string | null;
}

/**
 * Whether positions follow each other without a gap and without a double, from a position on.
 * @param limit rows of the page.
 */
export async function logPage(snapshot: Snapshot, after: string | null, limit: number): Promise<LogPage> {
  const [page] = await snapshot.query(PAGE, [after ?? '0', limit]);
  const faults = page?.['faults'] as readonly { readonly position: number; readonly before: number }[];
  const differences = faults.flatMap(({ position, before }) =>
    compare({}, 'log.positions', before + 1, position),
  );
  const last = (page?.['last'] as string | null) ?? after ?? '0';
  if ((page?.['rows'] as number) === limit) return { differences, after: last };
  const [log] = await snapshot.query(END, []);
  const end = compare({}, 'log.end', last, (log?.['position'] as string | undefined) ?? 'none');
  return { differences: [...differences, ...end], after: null };
}
