import type { Cell, PlannedColumn } from '../limit/row-plan.js';

/** A row as JavaScript has it, by column. */
export type Row = Record<string, unknown>;

/** What a purchase's rows have of their own. */
export interface Making {
  readonly accountId: string;
  readonly memberId: string;
  readonly source: string;
  readonly receiptNo: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The account's columns after it. */
  readonly account: Row;
  /** The id of that name, made where it was not asked for before. */
  readonly id: (name: string) => string;
}

/** Makes rows that are alike but for some columns. */
export class RowTemplate {
  /** With a place for every column, so that all rows have the same shape. */
  readonly constants: Row;

  private readonly own: readonly PlannedColumn[];

  constructor(columns: readonly PlannedColumn[]) {
    this.constants = Object.fromEntries(columns.map((column) => [column.name, constantOf(column)]));
    this.own = columns.filter(({ cell }) => cell.kind !== 'constant');
  }

  fill(making: Making): Row {
    const row = { ...this.constants };
    for (const { name, cell } of this.own) row[name] = valueOf(cell, making);
    return row;
  }
}

function valueOf(cell: Cell, making: Making): unknown {
  switch (cell.kind) {
    case 'account':
      return making.accountId;
    case 'member':
      return making.memberId;
    case 'id':
      return making.id(cell.name);
    case 'sequence':
      return Number(making.account[cell.counter]) - cell.behind;
    case 'instant':
      return new Date(making.now + cell.afterMillis);
    case 'numbered':
      // A claim's key names the source, too.
      return cell.head === '' ? making.receiptNo : `${making.source}\n${making.receiptNo}`;
    case 'delta':
      return Number(cell.value);
    case 'constant':
      return cell.value;
  }
}

/** A constant as a program has it: objects, numbers, bytes. */
function constantOf({ type, cell }: PlannedColumn): unknown {
  if (cell.kind !== 'constant' || cell.value === null) return null;
  const { value } = cell;
  switch (type) {
    case 'json':
    case 'jsonb':
      return JSON.parse(value);
    case 'bytea':
      return Buffer.from(value.slice(2), 'hex');
    case 'boolean':
      return value === 'true';
    case 'bigint':
    case 'integer':
    case 'smallint':
      return Number(value);
    case 'timestamp with time zone':
      return new Date(value.replace(' ', 'T').replace(/\+00$/, 'Z'));
    default:
      return value;
  }
}
