import type pg from 'pg';
import type { TableRows, Template } from './row-sql.js';

/** A column of a table as the catalogue has it. */
interface Column {
  readonly name: string;
  readonly type: string;
}

/**
 * Composes `INSERT … SELECT` for tables as they are, not as they were when this was written: columns that the loader
 * does not know are copied from a receipt that the engine wrote for this programme, and columns that are no more are
 * left out. Rows of accounts and members have no template: what is new there begins with its default. What would not be
 * true of another receipt has to be named (`test/e2e/grown-history.e2e-spec.ts` tells).
 */
export class TableWriter {
  private constructor(
    private readonly columns: ReadonlyMap<string, readonly Column[]>,
    private readonly rows: ReadonlyMap<string, Readonly<Record<string, string | null>>>,
    /** Null for a programme without any receipt. */
    readonly template: Template | null,
  ) {}

  static async read(client: pg.Client, programme: string): Promise<TableWriter> {
    const columns = new Map<string, Column[]>();
    for (const { table, name, type } of (await client.query<Column & { table: string }>(COLUMNS)).rows) {
      columns.set(table, [...(columns.get(table) ?? []), { name, type }]);
    }
    const receipt = (await client.query<Receipt>(NEWEST_RECEIPT, [programme])).rows[0];
    if (!receipt) return new TableWriter(columns, new Map(), null);
    const rows = new Map<string, Readonly<Record<string, string | null>>>();
    for (const [table, where] of Object.entries(OF_RECEIPT)) {
      const [row] = await rowsOf(client, table, columns.get(table) ?? [], where, receipt);
      if (row) rows.set(table, row);
    }
    const events = await rowsOf(client, 'events', columns.get('events') ?? [], EVENTS_OF_RECEIPT, receipt);
    for (const event of events) rows.set(`events ${event['type']}`, event);
    const counted = await rowsOf(
      client,
      'earning_days',
      columns.get('earning_days') ?? [],
      OF_MEMBER,
      receipt,
    );
    return new TableWriter(columns, rows, {
      amountMinor: receipt.amount_minor,
      eventTypes: events.map((event) => event['type'] as string),
      counted: counted.map((row) => ({ ruleId: row['rule_id'] as string, points: row['points'] as string })),
    });
  }

  /** The statement that writes rows of one table. */
  insert({ table, values, from }: TableRows, escape: (text: string) => string): string {
    const known = this.columns.get(table);
    if (!known) throw new Error(`there is no table ${table}`);
    const key = table === 'events' ? `events ${values['type']?.replaceAll("'", '')}` : table;
    const template = this.rows.get(key);
    const chosen = known.flatMap(({ name, type }) => {
      const own = values[name];
      if (own !== undefined) return [[name, `(${own})::${type}`] as const];
      const copied = template?.[name];
      return copied === undefined || copied === null ? [] : [[name, `${escape(copied)}::${type}`] as const];
    });
    const names = chosen.map(([name]) => name).join(', ');
    return `INSERT INTO ${table} (${names}) SELECT ${chosen.map(([, sql]) => sql).join(', ')} ${from}`;
  }
}

interface Receipt {
  readonly account_id: string;
  readonly member_id: string;
  readonly purchase_id: string;
  readonly amount_minor: string;
  readonly recorded_at: string;
}

const COLUMNS = `SELECT c.relname AS table, quote_ident(a.attname) AS name, format_type(a.atttypid, a.atttypmod) AS type
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attgenerated = ''
  ORDER BY c.relname, a.attnum`;

const NEWEST_RECEIPT = `SELECT p.account_id, p.member_id, p.purchase_id, p.amount_minor::text, p.recorded_at::text
  FROM purchases p JOIN accounts a ON a.account_id = p.account_id
  WHERE a.programme_id = $1 AND p.source NOT LIKE 'g%-till-%' ORDER BY p.purchase_id DESC LIMIT 1`;

/** Conditions on a row `t`: `$1` to `$4` are the receipt's account, member and purchase, and when it was recorded. */
const OF_ACCOUNT = 't.account_id = $1::uuid';
const OF_MEMBER = `${OF_ACCOUNT} AND t.member_id = $2::uuid`;
const AS_RECORDED = 't.recorded_at = $4::timestamptz';
const OF_RECEIPT: Readonly<Record<string, string>> = {
  purchases: `${OF_ACCOUNT} AND t.purchase_id = $3::uuid`,
  lots: `${OF_ACCOUNT} AND t.purchase_id = $3::uuid`,
  movements: `${OF_ACCOUNT} AND t.cause_id = $3::uuid`,
  claims: `${OF_ACCOUNT} AND t.scope = 'receipt' AND ${AS_RECORDED}`,
};
const EVENTS_OF_RECEIPT = `${OF_MEMBER} AND ${AS_RECORDED} AND t.type <> 'tier.changed' ORDER BY t.sequence`;

/** Rows as the text of their values. */
async function rowsOf(
  client: pg.Client,
  table: string,
  columns: readonly Column[],
  where: string,
  { account_id, member_id, purchase_id, recorded_at }: Receipt,
): Promise<readonly Readonly<Record<string, string | null>>[]> {
  const selected = columns.map(({ name }) => `t.${name}::text AS ${name}`).join(', ');
  const used = [account_id, member_id, purchase_id, recorded_at];
  // Every parameter must be named for its type to be known.
  const all = `(SELECT 1 WHERE $1::uuid IS NOT NULL AND $2::uuid IS NOT NULL AND $3::uuid IS NOT NULL AND $4::timestamptz IS NOT NULL)`;
  const sql = `SELECT ${selected} FROM ${table} t WHERE EXISTS ${all} AND ${where}`;
  return (await client.query<Record<string, string | null>>(sql, used)).rows;
}
