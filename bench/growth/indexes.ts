import type pg from 'pg';

/** What makes the indexes of one table again. */
export interface Rebuild {
  readonly table: string;
  /** In this order; foreign keys of other tables come last of all. */
  readonly statements: readonly string[];
}

/** Removed: the statements that restore what was there. */
export interface Removed {
  readonly indexes: readonly Rebuild[];
  readonly foreignKeys: readonly string[];
}

const CONSTRAINTS = `SELECT c.conrelid::regclass::text AS table, quote_ident(c.conname) AS name, c.contype AS type,
    pg_get_constraintdef(c.oid) AS definition
  FROM pg_constraint c
  WHERE (c.contype IN ('p', 'u', 'f') AND c.conrelid = ANY($1::regclass[]))
    OR (c.contype = 'f' AND c.confrelid = ANY($1::regclass[]))
  ORDER BY c.contype, c.conrelid, c.conname`;

const INDEXES = `SELECT i.indrelid::regclass::text AS table, i.indexrelid::regclass::text AS name,
    pg_get_indexdef(i.indexrelid) AS definition
  FROM pg_index i
  WHERE i.indrelid = ANY($1::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid
    AND c.contype IN ('p', 'u', 'x'))
  ORDER BY i.indrelid, i.indexrelid`;

/**
 * Drops every index, primary key and foreign key of some tables: building an index over all rows at once costs a
 * fraction of growing it row by row, and leaves it packed. A run that ends before `Removed` is carried out leaves a
 * database that cannot be used; the bench drops it.
 */
export async function removeIndexes(client: pg.Client, tables: readonly string[]): Promise<Removed> {
  const constraints = (
    await client.query<{ table: string; name: string; type: string; definition: string }>(CONSTRAINTS, [
      tables,
    ])
  ).rows;
  const indexes = (await client.query<{ table: string; name: string; definition: string }>(INDEXES, [tables]))
    .rows;
  const foreign = constraints.filter(({ type }) => type === 'f');
  const keys = constraints.filter(({ type }) => type !== 'f');
  for (const { table, name } of [...foreign, ...keys]) {
    await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  }
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  const add = ({ table, name, definition }: (typeof constraints)[number]): string =>
    `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`;
  return {
    indexes: tables.map((table) => ({
      table,
      statements: [
        ...keys.filter((key) => key.table === table).map(add),
        ...indexes.filter((index) => index.table === table).map(({ definition }) => definition),
      ],
    })),
    foreignKeys: foreign.map(add),
  };
}
