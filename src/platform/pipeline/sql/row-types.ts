import { createRowType, ROW_TYPE_SCHEMA, type RowType } from './row-type.js';
import type { SqlClient } from './sql-client.js';

const FIND = `SELECT t.oid::bigint AS oid FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE n.nspname = '${ROW_TYPE_SCHEMA}' AND t.typname = $1`;
/** Another connection created the type at the same moment (duplicate_table, duplicate_object, unique_violation). */
const MADE_MEANWHILE = ['42P07', '42710', '23505'];

/** The oids of a database's row types. A missing type is created once, for all releases with the same columns. */
export class RowTypes {
  private readonly oids = new Map<string, number>();

  /**
   * Makes sure that `oid` knows these types; queries only unknown ones.
   * Not to be called within a transaction: a rollback would remove a new type.
   */
  async require(client: SqlClient, types: Iterable<RowType>): Promise<void> {
    for (const type of types) if (!this.oids.has(type.name)) await this.find(client, type);
  }

  /** @throws Error for a type that was not required before. */
  oid({ name }: RowType): number {
    const oid = this.oids.get(name);
    if (oid === undefined) throw new Error(`row type ${name} was not asked for`);
    return oid;
  }

  private async find(client: SqlClient, type: RowType): Promise<void> {
    const values = [type.name];
    const { rows: found } = await client.query({ text: FIND, values });
    if (found.length === 0) await this.make(client, type);
    const { rows } = found.length > 0 ? { rows: found } : await client.query({ text: FIND, values });
    this.oids.set(type.name, Number(rows[0]?.['oid']));
  }

  private async make(client: SqlClient, type: RowType): Promise<void> {
    try {
      await client.query({ text: createRowType(type), values: [] });
    } catch (error) {
      if (!MADE_MEANWHILE.includes((error as { code?: string }).code ?? '')) throw error;
    }
  }
}
