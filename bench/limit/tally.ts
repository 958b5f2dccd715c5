import { InvalidRun } from '../scene.js';
import { query } from '../stage/server.js';
import type { WrittenRow, WrittenTable } from './written-rows.js';

type Figures = ReadonlyMap<string, bigint>;

const ROWS_OF = 'the rows of ';
const WHOLE = ['bigint', 'integer', 'smallint'];

/** Counts the rows of the tables that a purchase writes, and adds their whole numbers up. */
export class Tally {
  private constructor(
    private readonly databaseUrl: string,
    private readonly tables: readonly WrittenTable[],
    private readonly before: Figures,
  ) {}

  /** Begins with what is there now. */
  static async begin(databaseUrl: string, tables: readonly WrittenTable[]): Promise<Tally> {
    return new Tally(databaseUrl, tables, await figures(databaseUrl, tables));
  }

  /**
   * @param what whether numbers have to add up, too, or are worked out in another way
   * @throws InvalidRun unless there is now as much more of everything as so many purchases make
   */
  async check(purchases: number, what: 'rows' | 'rows and sums' = 'rows and sums'): Promise<void> {
    const after = await figures(this.databaseUrl, this.tables);
    for (const table of this.tables) {
      for (const [name, each] of eachPurchase(table)) {
        if (what === 'rows' && !name.startsWith(ROWS_OF)) continue;
        const grown = (after.get(name) ?? 0n) - (this.before.get(name) ?? 0n);
        const expected = each * BigInt(purchases);
        if (grown !== expected) {
          throw new InvalidRun(`${purchases} purchases add ${expected} to ${name}, and ${grown} were added`);
        }
      }
    }
  }
}

/** Numbers that say which row it is are not added up. */
function added({ columns, key }: WrittenTable): readonly string[] {
  return columns
    .filter(({ name, type }) => WHOLE.includes(type) && !key.includes(name))
    .map(({ name }) => name);
}

function eachPurchase(table: WrittenTable): ReadonlyMap<string, bigint> {
  const { name, inserted, changed } = table;
  const each = new Map([[`${ROWS_OF}${name}`, changed.length > 0 ? null : BigInt(inserted.length)]]);
  for (const column of added(table)) {
    const of = (row: WrittenRow): bigint => BigInt(row[column] ?? 0);
    const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
    each.set(
      `${name}.${column}`,
      sum([...inserted.map(of), ...changed.map(({ before, after }) => of(after) - of(before))]),
    );
  }
  // Rows that members may have or not are as many as there are members.
  return new Map([...each].filter((entry): entry is [string, bigint] => entry[1] !== null));
}

async function figures(databaseUrl: string, tables: readonly WrittenTable[]): Promise<Figures> {
  const found = new Map<string, bigint>();
  for (const table of tables) {
    const columns = added(table);
    const sums = columns.map((name) => `, coalesce(sum(t.${name}), 0)::text AS ${name}`);
    const rows = await query<Record<string, string>>(
      databaseUrl,
      `SELECT count(*)::text AS "count of rows"${sums.join('')} FROM ${table.name} t`,
    );
    found.set(`${ROWS_OF}${table.name}`, BigInt(rows[0]?.['count of rows'] ?? 0));
    for (const name of columns) found.set(`${table.name}.${name}`, BigInt(rows[0]?.[name] ?? 0));
  }
  return found;
}
