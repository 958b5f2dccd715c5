import { HELD_BARRIER } from '../../database/write-barrier.store.js';
import { SEAL, sqlType, type Column, type Table } from '../contract/table.js';
import { rowType, unnested, type RowType } from '../sql/row-type.js';

/**
 * Rows `u` of accounts that matched. As a join it would be a nested loop, rows times accounts; in this form it is
 * a subquery that is hashed once (PostgreSQL turns a bare `IN` into a join again, `IS TRUE` keeps it from that).
 */
const GUARDED = '(u.guard IN (SELECT ok.account_id FROM ok)) IS TRUE';

/**
 * Columns of an account's row besides those of slices. `guard`, `expected`, `programme` and `revision` guard the
 * update; the rest is written.
 */
const ACCOUNT_COLUMNS = [
  { name: 'guard', type: 'id' },
  { name: 'expected', type: 'bigint' },
  { name: 'programme', type: 'id' },
  { name: 'revision', type: 'bigint' },
  { name: 'is_new', type: 'boolean' },
  { name: 'event_seq', type: 'bigint' },
  { name: 'last_recorded_at', type: 'instant' },
  { name: 'event_head', type: 'bytea' },
  { name: 'record_sum', type: 'bytea' },
] as const satisfies readonly Column[];

export const CLAIM_COLUMNS: readonly Column[] = [
  { name: 'account_id', type: 'id' },
  { name: 'programme_id', type: 'id' },
  { name: 'scope', type: 'text' },
  { name: 'key', type: 'text' },
  { name: 'fingerprint', type: 'bytea' },
  { name: 'target_fingerprint', type: 'bytea' },
  { name: 'command_id', type: 'text' },
  { name: 'status', type: 'int' },
  { name: 'answer', type: 'text' },
  { name: 'recorded_at', type: 'instant' },
  SEAL,
];

/** How many columns the seal of a claim covers. */
export const CLAIM_SEAL = CLAIM_COLUMNS.length - 1;

/** A part of the statement, fed by one parameter. */
export interface Part {
  readonly type: RowType;
  sql(parameter: number): string;
}

/** Accounts with a claim that is taken: their decisions did not know of it. */
const TAKEN = 'a.account_id NOT IN (SELECT k.account_id FROM taken k)';

/** Updates accounts, or inserts new ones; the accounts that matched are `ok`. @param columns those of the slices. */
export function accountsPart(columns: readonly Column[], anyNew: boolean): Part {
  const names = [
    'event_seq',
    'last_recorded_at',
    'event_head',
    'record_sum',
    ...columns.map(({ name }) => name),
  ];
  const type = rowType('accounts', [...ACCOUNT_COLUMNS, ...columns]);
  // Nothing is recorded before an anchor, even if an anchor was made after the clock was read. A write that began
  // before `anchored_until` was moved holds the barrier, which the anchor waits for, or finds none and writes nothing.
  const inForce = `JOIN programmes p ON p.programme_id = u.programme AND p.config_revision = u.revision
      AND (p.anchored_until IS NULL OR p.anchored_until <= u.last_recorded_at)
      CROSS JOIN barrier`;
  const sql = (parameter: number): string => {
    const from = `FROM ${unnested(parameter, type)} ${inForce}`;
    const moved = `UPDATE accounts a SET version = a.version + 1, ${names.map((name) => `${name} = u.${name}`).join(', ')}
      ${from}
      WHERE a.account_id = u.guard AND a.version = u.expected AND ${TAKEN}
      RETURNING a.account_id`;
    if (!anyNew) return `ok AS (${moved})`;
    return `moved_on AS (${moved}),
    opened AS (
      INSERT INTO accounts AS a (account_id, programme_id, version, counted, ${names.join(', ')})
      SELECT u.guard, u.programme, 1, true, ${names.map((name) => `u.${name}`).join(', ')}
      ${from} WHERE u.is_new
      RETURNING a.account_id),
    ok AS (SELECT m.account_id FROM moved_on m UNION ALL SELECT o.account_id FROM opened o)`;
  };
  return { type, sql };
}

/** New claims, each only with its account. */
export const claimsPart: Part = (() => {
  const type = rowType('claims', CLAIM_COLUMNS);
  const names = CLAIM_COLUMNS.map(({ name }) => name);
  const sql = (parameter: number): string => `t_claims AS (
      INSERT INTO claims (${names.join(', ')})
      SELECT ${names.map((name) => `u.${name}`).join(', ')} FROM ${unnested(parameter, type)}
      WHERE u.account_id IN (SELECT ok.account_id FROM ok))`;
  return { type, sql };
})();

function takenClaims(parameter: number): string {
  return `taken AS (
      SELECT u.account_id FROM ${unnested(parameter, claimsPart.type)}
      JOIN claims c ON c.programme_id = u.programme_id AND c.scope = u.scope AND c.key = u.key)`;
}

/** Rows of a table, each kept only if the account that guards it matched. */
export function tablePart(table: Table): Part {
  const type = rowType(table.name, [{ name: 'guard', type: 'id' }, ...table.columns]);
  const write = { insert, upsert, add, update, increment, tally }[table.mode];
  return { type, sql: (parameter) => `t${parameter} AS (${write(table, unnested(parameter, type))})` };
}

/** Events, and for each of their accounts a row that has them published (`bus/event-publisher.store.ts`). */
export function eventsPart(table: Table): Part {
  const { type } = tablePart(table);
  const sql = (parameter: number): string => `t${parameter} AS (${insert(table, unnested(parameter, type))}
      RETURNING x.account_id, x.sequence),
    unpublished AS (
      INSERT INTO unpublished_events (account_id, first_sequence, events)
      SELECT t.account_id, min(t.sequence), count(*) FROM t${parameter} t GROUP BY t.account_id)`;
  return { type, sql };
}

/**
 * The whole statement. The first part is the accounts', the second the claims'.
 * @returns its text; the parameters are the parts' rows, in their order.
 */
export function composed(parts: readonly Part[]): string {
  const texts = [
    `barrier AS MATERIALIZED (${HELD_BARRIER})`,
    takenClaims(2),
    ...parts.map((part, index) => part.sql(index + 1)),
  ];
  return `WITH ${texts.join(',\n')}\nSELECT ok.account_id FROM ok`;
}

function insert({ name, columns, ...table }: Table, source: string): string {
  const scoped = isScoped(table);
  const names = columns.map((column) => column.name);
  const all = scoped ? ['account_id', ...names] : names;
  const selected = [...(scoped ? ['u.guard'] : []), ...names.map((column) => `u.${column}`)];
  return `INSERT INTO ${name} AS x (${all.join(', ')}) SELECT ${selected.join(', ')} FROM ${source}
      WHERE ${GUARDED}`;
}

function upsert(table: Table, source: string): string {
  return onConflict(table, source, (name) => `${name} = excluded.${name}`);
}

function add(table: Table, source: string): string {
  return onConflict(table, source, (name) => `${name} = x.${name} + excluded.${name}`);
}

function onConflict(table: Table, source: string, set: (name: string) => string): string {
  return `${insert(table, source)}
      ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ${written(table).map(set).join(', ')}`;
}

function update(table: Table, source: string): string {
  const sets = written(table).map((name) => `${name} = u.${name}`);
  return `UPDATE ${table.name} x SET ${sets.join(', ')} FROM ${source}
        WHERE ${matches(table).join(' AND ')} AND ${GUARDED}`;
}

function increment(table: Table, source: string): string {
  const names = written(table);
  return `UPDATE ${table.name} x SET ${names.map((name) => `${name} = x.${name} + u.${name}`).join(', ')}
        FROM (${summed(table, source)}) u
        WHERE ${matches(table).join(' AND ')}`;
}

function tally(table: Table, source: string): string {
  const names = table.columns.map(({ name }) => name).join(', ');
  const sets = written(table).map((name) => `${name} = x.${name} + excluded.${name}`);
  return `INSERT INTO ${table.name} AS x (${names}) SELECT ${names} FROM (${summed(table, source)}) u
        ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ${sets.join(', ')}`;
}

/** The numbers by key, in the order of the keys: two statements lock rows of several accounts in one order. */
function summed(table: Table, source: string): string {
  const sums = table.columns
    .filter(({ name }) => written(table).includes(name))
    .map(({ name, type }) => `sum(u.${name})::${sqlType(type)} AS ${name}`);
  const keys = table.key.map((name) => keyOf(table, name)).join(', ');
  return `SELECT ${keys}, ${sums.join(', ')} FROM ${source} WHERE ${GUARDED} GROUP BY ${keys} ORDER BY ${keys}`;
}

/** Columns that are set on a row that is there. */
function written({ columns, key, keyFrom = {} }: Table): readonly string[] {
  const sought = Object.values(keyFrom);
  return columns
    .map(({ name }) => name)
    .filter((name) => (key.includes(name) ? keyFrom[name] !== undefined : !sought.includes(name)));
}

function matches(table: Table): readonly string[] {
  return table.key.map((name) => `x.${name} = ${keyOf(table, name)}`);
}

function keyOf(table: Table, name: string): string {
  return isScoped(table) && name === 'account_id' ? 'u.guard' : `u.${table.keyFrom?.[name] ?? name}`;
}

function isScoped({ accountScoped }: Pick<Table, 'accountScoped'>): boolean {
  return accountScoped !== false;
}
