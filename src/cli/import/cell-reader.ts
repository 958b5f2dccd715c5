import { MappingError, type Cell, type Mapping } from './mapping.js';

/** Rows of a second file by key; each row holds the texts of its columns. */
export interface LookupTable {
  readonly columns: ReadonlyMap<string, number>;
  readonly rows: ReadonlyMap<string, readonly string[]>;
}

export type LookupTables = Readonly<Record<string, LookupTable>>;

/** The text of one field of one row; blanks around it are taken off. */
export type CellReader = (cells: readonly string[]) => string;

/** Binds the cells of a mapping to the columns of the file at hand, once, so that no row looks up a name. */
export class CellBinder {
  private readonly positions: ReadonlyMap<string, number>;
  readonly faults: string[] = [];

  constructor(
    private readonly header: readonly string[],
    private readonly tables: LookupTables,
    private readonly lookups: Mapping['lookups'],
  ) {
    this.positions = columnPositions(header);
  }

  bind(field: string, cell: Cell): CellReader {
    if (cell.kind === 'constant') return () => cell.value;
    if (cell.kind === 'column') return prefixed(cell.prefix, this.column(field, cell.column));
    const lookup = this.lookups[cell.lookup];
    const table = this.tables[cell.lookup];
    if (!lookup || !table) return this.fault(`${field}.lookup: "${cell.lookup}" is not loaded`);
    const position = table.columns.get(cell.column);
    if (position === undefined) {
      return this.fault(`${field}.column: ${missing(cell.column, [...table.columns.keys()], lookup.file)}`);
    }
    const key = this.bind(`lookups.${cell.lookup}.match`, lookup.match);
    return prefixed(cell.prefix, (cells) => (table.rows.get(key(cells))?.[position] ?? '').trim());
  }

  /** @throws MappingError naming every column that the file does not have. */
  finish(): void {
    if (this.faults.length > 0) throw new MappingError([...new Set(this.faults)]);
  }

  private column(field: string, column: string): CellReader {
    const position = this.positions.get(column);
    if (position === undefined)
      return this.fault(`${field}.column: ${missing(column, this.header, 'the file')}`);
    return (cells) => (cells[position] ?? '').trim();
  }

  private fault(text: string): CellReader {
    this.faults.push(text);
    return () => '';
  }
}

/** Column name -> position. @throws MappingError when a name is there twice, because either could be meant. */
export function columnPositions(header: readonly string[]): ReadonlyMap<string, number> {
  const positions = new Map<string, number>();
  for (const [position, raw] of header.entries()) {
    const name = raw.trim();
    if (positions.has(name)) throw new MappingError([`the header names the column "${name}" twice`]);
    positions.set(name, position);
  }
  return positions;
}

/** A blank stays blank: a prefix alone is no value. */
function prefixed(prefix: string, reader: CellReader): CellReader {
  if (prefix === '') return reader;
  return (cells) => {
    const text = reader(cells);
    return text === '' ? '' : prefix + text;
  };
}

function missing(column: string, columns: readonly string[], file: string): string {
  return `${file} has no column "${column}"; it has ${columns.map((name) => `"${name}"`).join(', ')}`;
}
