import type pg from 'pg';

/** A column as `information_schema` tells of it. */
interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

/** A table that a change can be made in. */
export interface ChangedTable {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly key: readonly string[];
}

/** One change of one row: statements that try it, the first of which the database lets through. */
export interface SingleChange {
  /** `table.column`, `table.column to null`, `table delete` or `table insert`. */
  readonly name: string;
  readonly attempts: readonly string[];
}

const COLUMNS = `SELECT c.table_name, c.column_name, c.udt_name, c.is_nullable = 'YES' AS nullable
  FROM information_schema.columns c JOIN information_schema.tables t
    ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE'
  WHERE c.table_schema = 'public' AND c.is_generated = 'NEVER' ORDER BY c.table_name, c.ordinal_position`;

const KEYS = `SELECT k.table_name, k.column_name FROM information_schema.key_column_usage k
  JOIN information_schema.table_constraints t
    ON t.constraint_name = k.constraint_name AND t.table_name = k.table_name AND t.constraint_type = 'PRIMARY KEY'
  WHERE k.table_schema = 'public' ORDER BY k.ordinal_position`;

/** Every table of the database. */
export async function tablesOf(client: pg.Client): Promise<readonly ChangedTable[]> {
  const { rows: columns } = await client.query<Record<string, string>>(COLUMNS);
  const { rows: keys } = await client.query<Record<string, string>>(KEYS);
  return [...new Set(columns.map((row) => row['table_name'] as string))].map((name) => ({
    name,
    columns: columns
      .filter((row) => row['table_name'] === name)
      .map((row) => ({
        name: row['column_name'] as string,
        type: row['udt_name'] as string,
        nullable: (row['nullable'] as unknown) === true,
      })),
    key: keys.filter((row) => row['table_name'] === name).map((row) => row['column_name'] as string),
  }));
}

/** Every single change of a table. @param prefer SQL of the rows to take if there are any. */
export function changesOf(table: ChangedTable, prefer = 'true'): readonly SingleChange[] {
  const { name, columns } = table;
  const updates = columns.flatMap((column) => {
    const row = rowOf(table, `(${column.name} IS NOT NULL)::int + (${prefer})::int`);
    const set = (value: string) => `UPDATE ${name} SET ${column.name} = ${value} WHERE ctid = ${row}`;
    const change = { name: `${name}.${column.name}`, attempts: valuesFor(table, column).map(set) };
    const toNull = {
      name: `${name}.${column.name} to null`,
      attempts: [`${set('NULL')} AND ${column.name} IS NOT NULL`],
    };
    return column.nullable ? [change, toNull] : [change];
  });
  const any = rowOf(table, `(${prefer})::int`);
  const blank = blankOfBefore(table);
  return [
    ...updates,
    { name: `${name} delete`, attempts: [`DELETE FROM ${name} WHERE ctid = ${any}`] },
    { name: `${name} insert`, attempts: copies(table, any) },
    ...(blank.length > 0
      ? [{ name: `${name} insert as of before`, attempts: copies(table, any, blank) }]
      : []),
  ];
}

/** What rows do not have that were there before there were seals, chains and rolls. */
function blankOfBefore({ name, columns }: ChangedTable): readonly string[] {
  const blank = name === 'audit_log' ? ['seal', 'sequence', 'sealed_by'] : ['seal', 'counted'];
  return blank.filter((own) => columns.some((column) => column.name === own && column.nullable));
}

function rowOf({ name }: ChangedTable, rank: string): string {
  return `(SELECT x.ctid FROM ${name} x ORDER BY ${rank} DESC, x.ctid LIMIT 1)`;
}

/** Other values of a column, in the order in which they are tried: a constraint may refuse the first ones. */
function valuesFor({ name: table }: ChangedTable, { name, type }: Column): readonly string[] {
  const another = `(SELECT o.${name} FROM ${table} o WHERE o.${name} IS DISTINCT FROM ${table}.${name} LIMIT 1)`;
  switch (type) {
    case 'uuid':
      return ['gen_random_uuid()'];
    case 'text':
    case 'varchar':
      return [`coalesce(${name}, '') || 'x'`, another, ...KNOWN_WORDS.map((word) => `'${word}'`)];
    case 'int2':
    case 'int4':
    case 'int8':
    case 'numeric':
      return [`coalesce(${name}, 0) + 1`, `${name} - 1`];
    case 'bool':
      return [`NOT coalesce(${name}, false)`];
    case 'timestamptz':
      return [`coalesce(${name}, '2026-03-01') + interval '1 hour'`];
    case 'date':
      return [`coalesce(${name}, '2026-03-01') + 1`];
    case 'bytea':
      return [`set_byte(${name}, 0, get_byte(${name}, 0) # 1)`, `sha256('x')`];
    case 'json':
    case 'jsonb':
      return [
        `CASE ${type}_typeof(${name}) WHEN 'array' THEN CASE ${name}::text WHEN '[]' THEN '["x"]' ELSE '[]' END
           ELSE '{"x": 1}' END::${type}`,
      ];
    case '_text':
      return [`array_append(${name}, 'x')`];
    case '_uuid':
      return [`array_append(${name}, gen_random_uuid())`];
    default:
      throw new Error(`no other value is known for ${table}.${name}, ${type}`);
  }
}

/** Words that checks of columns know; the first that a check lets through is another value. */
const KNOWN_WORDS = [
  'closed',
  'goodwill',
  'draft',
  'USD',
  'voided',
  'follow',
  'adult',
  'rejected',
  'interrupted',
];

/** Copies of a row under another key: all of it but the owner, then single parts of it. */
function copies(
  { name, columns, key }: ChangedTable,
  row: string,
  blank: readonly string[] = [],
): readonly string[] {
  const owners = ['account_id', 'programme_id', 'member_id'];
  const own = key.filter((column) => !owners.includes(column));
  const changed = own.length > 0 ? [own, ...own.map((column) => [column])] : key.map((column) => [column]);
  return changed.map((parts) => {
    const values = columns.map((column) => {
      if (blank.includes(column.name)) return 'NULL';
      return parts.includes(column.name) ? another(column) : `x.${column.name}`;
    });
    const names = columns.map((column) => column.name).join(', ');
    return `INSERT INTO ${name} (${names}) SELECT ${values.join(', ')} FROM ${name} x WHERE x.ctid = ${row}`;
  });
}

function another({ name, type }: Column): string {
  switch (type) {
    case 'uuid':
      return 'gen_random_uuid()';
    case 'text':
      return `x.${name} || ' copy'`;
    case 'timestamptz':
      return `x.${name} + interval '1 year'`;
    case 'date':
      return `x.${name} + 1000`;
    default:
      return `x.${name} + 100`;
  }
}
