/** How a value of the domain becomes one of a PostgreSQL column. */
export type ColumnType =
  | 'id' // a prefixed id; uuid
  | 'uuid'
  | 'text'
  | 'int'
  | 'bigint' // points, minor units (number) or sub-ledger amounts (bigint)
  | 'numeric' // whole numbers beyond 64 bits (bigint)
  | 'boolean'
  | 'instant' // epoch milliseconds or RFC 3339 text; timestamptz
  | 'date'
  | 'json'
  | 'bytea'; // hex text

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

const SQL_TYPE: Readonly<Record<ColumnType, string>> = {
  id: 'uuid',
  uuid: 'uuid',
  text: 'text',
  int: 'int',
  bigint: 'bigint',
  numeric: 'numeric',
  boolean: 'boolean',
  instant: 'timestamptz',
  date: 'date',
  json: 'json',
  bytea: 'bytea',
};

/** A table the pipeline writes. `key` columns must include `account_id` wherever the table has one. */
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  /**
   * `insert`: new rows; `update`: `columns` outside `key` are set on the row with that key;
   * `upsert`: insert, or set; `add`: insert, or add the numbers to those of the existing row;
   * `increment`: add the numbers, summed by key over the batch, to existing rows; `tally`: the same, and insert rows
   * that are not there.
   */
  readonly mode: 'insert' | 'update' | 'upsert' | 'add' | 'increment' | 'tally';
  readonly key: readonly string[];
  /**
   * With `update`: key columns that get another value, each with the column that has the value to look for. The
   * latter column is listed in `columns` and is not written itself.
   */
  readonly keyFrom?: Readonly<Record<string, string>>;
  /**
   * False for tables that belong to no account. Their rows, too, are written only with the account that guards them.
   */
  readonly accountScoped?: boolean;
  /**
   * Rows whose digest is part of the account's sum (`accounts.record_sum`), by which `verify` finds a row that was
   * changed, removed or inserted. The last column is `SEAL`.
   */
  readonly sealed?: true;
  /** With `update`, for rows of a sealed table: the whole row, of which these columns are a part. */
  readonly whole?: Table;
}

/**
 * Moves the version of an account on that is not the one the command speaks for: figures that are kept under it have
 * changed, so what was read of them is outdated.
 */
export const ACCOUNT_VERSIONS: Table = {
  name: 'accounts',
  mode: 'increment',
  key: ['account_id'],
  accountScoped: false,
  columns: [
    { name: 'account_id', type: 'id' },
    { name: 'version', type: 'bigint' },
  ],
};

/** The number of columns before it that the seal of a row covers. The pipeline writes it. */
export const SEAL = { name: 'seal', type: 'int' } as const satisfies Column;

/** Rows of a batch, column by column, in the order they must be written. */
export interface RowSink {
  /**
   * `accountId` names the account whose version guards the row.
   * @param before the row that is updated, as it was read, with the `seal` it has; only where `table.whole` is set.
   */
  add(
    table: Table,
    accountId: string,
    values: Readonly<Record<string, unknown>>,
    before?: Readonly<Record<string, unknown>>,
  ): void;
  /** The digest of a row as the seal of its table covers it, hex. */
  digest(table: Table, values: Readonly<Record<string, unknown>>): string;
}

export function sqlType(type: ColumnType): string {
  return SQL_TYPE[type];
}
