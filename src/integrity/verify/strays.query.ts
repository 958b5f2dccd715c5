import { idToUuid, uuidToId, type ProgrammeId } from '../../kernel/ids.js';
import type { Snapshot } from '../../platform/database/snapshot.js';
import { MAX_DIFFERENCES, type Difference } from './difference.js';

/** Tables whose key begins with the account: the next account is one look at the index, however many rows it has. */
const BY_ACCOUNT = [
  ...['movements', 'lots', 'events', 'adjustments', 'sliding_expiries', 'tier_changes'],
  'tier_places',
  ...['qualifying_days', 'qualifying_years', 'earning_days', 'event_positions', 'unpublished_events'],
  ...['budget_movements', 'terminal_receipts'],
];
/** Tables that are read whole. */
const WITH_ACCOUNT = [
  ...['purchases', 'returns', 'redemptions', 'transfers', 'households', 'claims', 'members'],
  ...['activities', 'activity_cancellations', 'undone_grants'],
  ...['campaign_registrations', 'campaign_cancellations'],
];
const WITH_PROGRAMME = [
  ...[
    'accounts',
    'members',
    'member_identities',
    'claims',
    'config_versions',
    'config_acts',
    'change_requests',
    'api_keys',
    'audit_log',
  ],
  ...['adjustments', 'households', 'anchors', 'reward_stock', 'account_rolls'],
  ...['budget_slices', 'budget_uses', 'budget_notices', 'campaign_places'],
];

/** The accounts that rows of a table name and that are not there. */
function withoutAccount(table: string): string {
  return `WITH RECURSIVE named AS (
      (SELECT x.account_id FROM ${table} x ORDER BY x.account_id LIMIT 1)
      UNION ALL
      SELECT (SELECT x.account_id FROM ${table} x WHERE x.account_id > n.account_id ORDER BY x.account_id LIMIT 1)
      FROM named n WHERE n.account_id IS NOT NULL)
    SELECT n.account_id FROM named n WHERE n.account_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM accounts a WHERE a.account_id = n.account_id)
    LIMIT ${MAX_DIFFERENCES}`;
}

/**
 * The same where the account must be of the row's programme: of one programme the rows that say they are of it, and
 * those of its accounts that say they are of another.
 */
function elsewhere(table: string, scoped: boolean): string {
  const columns = table === 'members' ? ['account_id', 'home_account_id'] : ['account_id'];
  const only = scoped
    ? '($1::uuid IS NULL OR x.programme_id = $1 OR a.programme_id = $1)'
    : '$1::uuid IS NULL';
  const wrong = scoped
    ? '(a.account_id IS NULL OR a.programme_id <> x.programme_id)'
    : 'a.account_id IS NULL';
  return columns
    .map(
      (column) => `SELECT DISTINCT x.${column} AS account_id FROM ${table} x
        LEFT JOIN accounts a ON a.account_id = x.${column} WHERE ${only} AND ${wrong}`,
    )
    .join(' UNION ')
    .concat(` LIMIT ${MAX_DIFFERENCES}`);
}

/** Events that say they are of another programme than their account. */
const EVENTS = `SELECT DISTINCT x.account_id FROM events x JOIN accounts a ON a.account_id = x.account_id
  WHERE ($1::uuid IS NULL OR a.programme_id = $1) AND a.programme_id <> x.programme_id LIMIT ${MAX_DIFFERENCES}`;

const PROGRAMMED = [
  ...['claims', 'members', 'households', 'adjustments'],
  ...['campaign_registrations', 'campaign_cancellations'],
];

interface Step {
  readonly what: string;
  readonly sql: string;
  /** Rows without a programme are left out where one programme is checked. */
  readonly wholeOnly: boolean;
  readonly read: (row: Readonly<Record<string, unknown>>, what: string) => Difference;
}

const STEPS: readonly Step[] = [
  ...BY_ACCOUNT.map((what) => ({ what, sql: withoutAccount(what), wholeOnly: true, read: noAccount })),
  ...WITH_ACCOUNT.map((what) => {
    const scoped = PROGRAMMED.includes(what);
    return { what, sql: elsewhere(what, scoped), wholeOnly: !scoped, read: noAccount };
  }),
  { what: 'events', sql: EVENTS, wholeOnly: false, read: noAccount },
  ...WITH_PROGRAMME.map((what) => ({
    what,
    sql: `SELECT DISTINCT x.programme_id FROM ${what} x
      WHERE NOT EXISTS (SELECT FROM programmes p WHERE p.programme_id = x.programme_id) LIMIT ${MAX_DIFFERENCES}`,
    wholeOnly: true,
    read: noProgramme,
  })),
];

/** How many looks there are, each a page of its own. */
export const STRAY_STEPS = STEPS.length;

/** Rows of one kind that belong to no account or no programme. */
export async function strays(
  snapshot: Snapshot,
  step: number,
  programmeId: ProgrammeId | null,
): Promise<readonly Difference[]> {
  const { what, sql, wholeOnly, read } = STEPS[step] as Step;
  if (wholeOnly && programmeId !== null) return [];
  const values = sql.includes('$1') ? [programmeId === null ? null : idToUuid(programmeId)] : [];
  return (await snapshot.query(sql, values)).map((row) => read(row, what));
}

function noAccount(row: Readonly<Record<string, unknown>>, what: string): Difference {
  const accountId = uuidToId('acc', row['account_id'] as string);
  return { accountId, check: 'account.exists', expected: 'an account', actual: `rows of ${what} alone` };
}

function noProgramme(row: Readonly<Record<string, unknown>>, what: string): Difference {
  const programmeId = uuidToId('prg', row['programme_id'] as string);
  return { programmeId, check: 'programme.exists', expected: 'a programme', actual: `rows of ${what} alone` };
}
