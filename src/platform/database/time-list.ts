import { idToUuid, type Id } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/time.js';

/** A table that is read in the order of time, newest first; two of one instant in that of their ids. */
export interface TimeList {
  /** `SELECT … FROM … WHERE …`, with the programme's UUID as `$1`. */
  readonly select: string;
  readonly table: string;
  /** The instant and the id of a row, as the index has them. */
  readonly at: string;
  readonly id: string;
}

/** What is read of it. */
export interface TimeListPage {
  /** From then on, and before then. */
  readonly from: Instant | null;
  readonly to: Instant | null;
  /** The last row of the page before. */
  readonly cursor: Id | null;
  readonly limit: number;
}

/** A further condition, with the parameter that has its value. */
export type Condition = readonly [sql: (parameter: string) => string, value: unknown];

/** The statement for a page. Only given filters are conditions, so that the planner takes the index that fits. */
export function timeListStatement(
  { select, table, at, id }: TimeList,
  programmeUuid: string,
  { from, to, cursor, limit }: TimeListPage,
  further: readonly Condition[],
): { readonly sql: string; readonly values: readonly unknown[] } {
  const own = (column: string) => column.slice(column.indexOf('.') + 1);
  const before = (parameter: string) =>
    `(${at}, ${id}) < (SELECT k.${own(at)}, k.${own(id)} FROM ${table} k WHERE k.${own(id)} = ${parameter}::uuid LIMIT 1)`;
  const conditions: readonly Condition[] = [
    ...(from === null ? [] : [[(p: string) => `${at} >= ${p}::timestamptz`, new Date(from)] as const]),
    ...(to === null ? [] : [[(p: string) => `${at} < ${p}::timestamptz`, new Date(to)] as const]),
    ...(cursor === null ? [] : [[before, idToUuid(cursor)] as const]),
    ...further,
  ];
  const asked = conditions.map(([sql], index) => ` AND ${sql(`$${index + 3}`)}`).join('');
  return {
    sql: `${select}${asked} ORDER BY ${at} DESC, ${id} DESC LIMIT $2`,
    values: [programmeUuid, limit, ...conditions.map(([, value]) => value)],
  };
}
