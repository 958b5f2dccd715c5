import { sha256Hex } from '../../../kernel/sha256.js';
import { sqlType, type Column } from '../contract/table.js';

/** The schema of row types: the only one in which the application's role may create anything. */
export const ROW_TYPE_SCHEMA = 'row_types';

/**
 * A composite type of the database by which rows travel as one parameter (ADR 0009). Its name has a digest of its
 * columns, so that releases with other columns have types of their own and can run side by side.
 */
export interface RowType {
  readonly name: string;
  readonly columns: readonly Column[];
}

/** @param label a name for readers; short enough for PostgreSQL's limit of 63 bytes. */
export function rowType(label: string, columns: readonly Column[]): RowType {
  return { name: `${label}_${sha256Hex(shapeOf(columns)).slice(0, 10)}`, columns };
}

/** Rows of a parameter, as a source of a statement. */
export function unnested(parameter: number, { name }: RowType, alias = 'u'): string {
  return `unnest($${parameter}::${ROW_TYPE_SCHEMA}.${name}[]) AS ${alias}`;
}

/** The statement that makes a row type. */
export function createRowType({ name, columns }: RowType): string {
  return `CREATE TYPE ${ROW_TYPE_SCHEMA}.${name} AS (${shapeOf(columns)})`;
}

function shapeOf(columns: readonly Column[]): string {
  return columns.map(({ name, type }) => `${name} ${sqlType(type)}`).join(', ');
}
