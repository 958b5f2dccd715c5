import type { QueryRunner } from 'typeorm';
import type { Snapshot } from '../../platform/database/snapshot.js';
import { MIGRATIONS_TABLE } from '../../platform/database/data-source.js';

/** Rows that are in memory at once, of one table. */
const CHUNK_ROWS = 500;

/** The tables that hold what was written, by name; not the one that says which migrations ran. */
const TABLES = `SELECT c.relname AS name FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND c.relname <> '${MIGRATIONS_TABLE}'
  ORDER BY c.relname`;

const FOREIGN_KEYS = `SELECT c.conrelid::regclass::text AS table, quote_ident(c.conname) AS name,
    pg_get_constraintdef(c.oid) AS definition
  FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace`;

type Query = (sql: string) => Promise<unknown>;

async function tables(query: Query): Promise<readonly string[]> {
  return ((await query(TABLES)) as { readonly name: string }[]).map(({ name }) => name);
}

const quoted = (name: string): string => `public."${name.replaceAll('"', '""')}"`;

/** Every row of every table, in chunks, as of the snapshot. A table without rows comes once, without any. */
export async function* rowsOfDatabase(
  snapshot: Snapshot,
): AsyncGenerator<{ readonly table: string; readonly rows: readonly string[] }> {
  for (const table of await tables((sql) => snapshot.query(sql, []))) {
    yield { table, rows: [] };
    const all = snapshot.batches(`SELECT t::text AS row FROM ${quoted(table)} t`, [], CHUNK_ROWS);
    for await (const rows of all) yield { table, rows: rows.map(({ row }) => row as string) };
  }
}

/** The migrations that a database has, in their order; none where it has no schema yet. */
export async function appliedMigrations(query: Query): Promise<readonly string[]> {
  const [there] = (await query(`SELECT to_regclass('public.${MIGRATIONS_TABLE}') AS name`)) as {
    readonly name: string | null;
  }[];
  if (!there?.name) return [];
  const rows = await query(`SELECT m.name FROM public.${MIGRATIONS_TABLE} m ORDER BY m.id`);
  return (rows as { readonly name: string }[]).map(({ name }) => name);
}

/**
 * What keeps a backup from being restored into a database, or null: tables that are not ours, or a programme, which
 * every installation has once its engine was started. What migrations wrote by themselves is nothing to keep.
 */
export async function contentOf(query: Query): Promise<string | null> {
  const there = await tables(query);
  if (there.length === 0) return null;
  if ((await appliedMigrations(query)).length === 0) return `it has the table "${there[0]}"`;
  const programmes = (await query('SELECT p.name FROM public.programmes p LIMIT 1')) as { name: string }[];
  return programmes[0] ? `it has the programme "${programmes[0].name}"` : null;
}

/**
 * Puts rows into a database that has their schema, in the transaction of `runner`, in place of what migrations wrote.
 * Foreign keys are made anew at the end, which checks them all, whatever the order of the rows.
 * @throws Error when the schema has other tables than the backup
 */
export class RowLoader {
  private constructor(
    private readonly runner: QueryRunner,
    private readonly foreignKeys: readonly Record<'table' | 'name' | 'definition', string>[],
  ) {}

  static async begin(runner: QueryRunner, named: readonly string[]): Promise<RowLoader> {
    const own = await tables((sql) => runner.query(sql));
    const [missing] = named.filter((name) => !own.includes(name));
    if (missing !== undefined) throw new Error(`The schema of the backup has no table "${missing}".`);
    const foreignKeys = (await runner.query(FOREIGN_KEYS)) as RowLoader['foreignKeys'];
    for (const { table, name } of foreignKeys)
      await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
    await runner.query(`TRUNCATE ${named.map(quoted).join(', ')}`);
    return new RowLoader(runner, foreignKeys);
  }

  async add(table: string, rows: readonly string[]): Promise<void> {
    if (rows.length === 0) return;
    const name = quoted(table);
    await this.runner.query(`INSERT INTO ${name} SELECT u.* FROM unnest($1::${name}[]) AS u`, [[...rows]]);
  }

  async end(): Promise<void> {
    for (const { table, name, definition } of this.foreignKeys)
      await this.runner.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
  }
}
