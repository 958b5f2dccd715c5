import pg from 'pg';

/** A column of a table that a purchase writes, as the catalogue has it. */
export interface WrittenColumn {
  readonly name: string;
  /** As SQL names it: `uuid`, `bigint`, `timestamp with time zone`. */
  readonly type: string;
  readonly indexed: boolean;
  /** Whether a unique index has it. */
  readonly unique: boolean;
}

/** A row's values as PostgreSQL writes them in text. */
export type WrittenRow = Readonly<Record<string, string | null>>;

/** What one transaction did to one table. */
export interface WrittenTable {
  readonly name: string;
  readonly columns: readonly WrittenColumn[];
  readonly key: readonly string[];
  readonly inserted: readonly WrittenRow[];
  readonly changed: readonly { readonly before: WrittenRow; readonly after: WrittenRow }[];
}

const TABLES = `
  SELECT c.relname AS name,
    (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
        'indexed', EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND a.attnum = ANY (i.indkey)),
        'unique', EXISTS (SELECT FROM pg_index i
          WHERE i.indrelid = c.oid AND i.indisunique AND a.attnum = ANY (i.indkey))) ORDER BY a.attnum)
      FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
    (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_index i
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
      WHERE i.indrelid = c.oid AND i.indisprimary) AS key
  FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    -- The publication takes its rows off again, in most cases before they can be read here.
    AND c.relname <> 'unpublished_events'
  ORDER BY c.relname`;

/** Values stay the text that PostgreSQL sent, so that they can be written back as they were. */
const AS_TEXT = { getTypeParser: () => (text: unknown) => text };

/**
 * Finds every row, in whatever table, that the transaction wrote which recorded a purchase. The rows of before
 * are read in a snapshot that is older than it. So nothing here depends on which tables and columns there are.
 * @param record records one purchase, alone, and gives its id as a uuid.
 */
export async function rowsWrittenBy(
  databaseUrl: string,
  record: () => Promise<string>,
): Promise<readonly WrittenTable[]> {
  const before = new pg.Client({ connectionString: databaseUrl });
  const after = new pg.Client({ connectionString: databaseUrl });
  await Promise.all([before.connect(), after.connect()]);
  try {
    await before.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    const tables = await before.query<Pick<WrittenTable, 'name' | 'columns' | 'key'>>(TABLES);
    const id = await record();
    const { rows } = await after.query<{ xid: string }>(
      'SELECT p.xmin::text AS xid FROM purchases p WHERE p.purchase_id = $1',
      [id],
    );
    const xid = rows[0]?.xid;
    if (xid === undefined) throw new Error(`purchase ${id} was answered and is not there`);
    const written: WrittenTable[] = [];
    for (const table of tables.rows) {
      const found = await rowsOf(after, table, 't.xmin = $1::text::xid', [xid]);
      if (found.length > 0) written.push(await sorted(before, table, found));
    }
    return written;
  } finally {
    await Promise.all([before.end(), after.end()]);
  }
}

/** Tells new rows from those that were there before. */
async function sorted(
  before: pg.Client,
  table: Pick<WrittenTable, 'name' | 'columns' | 'key'>,
  found: readonly WrittenRow[],
): Promise<WrittenTable> {
  const inserted: WrittenRow[] = [];
  const changed: { before: WrittenRow; after: WrittenRow }[] = [];
  for (const row of found) {
    const values = table.key.map((name) => row[name] ?? null);
    const same = table.key.map((name, index) => `t.${name}::text = $${index + 1}`).join(' AND ');
    const [old] = await rowsOf(before, table, same, values);
    if (old) changed.push({ before: old, after: row });
    else inserted.push(row);
  }
  return { ...table, inserted, changed };
}

async function rowsOf(
  client: pg.Client,
  { name, columns }: Pick<WrittenTable, 'name' | 'columns'>,
  where: string,
  values: readonly (string | null)[],
): Promise<WrittenRow[]> {
  const selected = columns.map((column) => `t.${column.name}::text AS ${column.name}`).join(', ');
  const text = `SELECT ${selected} FROM ${name} t WHERE ${where}`;
  return (await client.query<WrittenRow>({ text, values: [...values], types: AS_TEXT })).rows;
}
