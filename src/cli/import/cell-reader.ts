import { MappingError, type Cell, type Mapping } from './mapping.js';

/** Rows of a second file by key; each row holds the texts of its columns. */
export interface LookupTable {
  readonly columns: Columns;
  readonly rows: ReadonlyMap<string, readonly string[]>;
}

export type LookupTables = Readonly<Record<string, LookupTable>>;

type Joined = Extract<Cell, { kind: 'joined' }>;
type LookedUp = Extract<Cell, { kind: 'lookup' }>;

/** The text of one field of one row, cleaned (`textCleaner`). */
export type CellReader = (cells: readonly string[]) => string;

/** A key, and the texts of the columns that it is made of, before they are joined and have their prefix. */
export interface KeyText {
  readonly text: string;
  readonly parts: readonly string[];
}

export type KeyReader = (cells: readonly string[]) => KeyText;

/** How the text of a cell comes about. */
interface Parts {
  readonly parts: (cells: readonly string[]) => readonly string[];
  readonly composed: (parts: readonly string[]) => string;
}

/** Binds the cells of a mapping to the columns of the file loaded, once, so that no row looks up a name. */
export class CellBinder {
  private readonly columns: Columns;
  readonly faults: string[] = [];

  constructor(
    header: readonly string[],
    private readonly tables: LookupTables,
    private readonly lookups: Mapping['lookups'],
    private readonly clean: (text: string) => string,
  ) {
    this.columns = new Columns(header);
  }

  bind(field: string, cell: Cell): CellReader {
    const { parts, composed } = this.partsOf(field, cell);
    return (cells) => composed(parts(cells));
  }

  /** As `bind`, with the parts: what a spreadsheet did to one of them does not show in the whole. */
  bindKey(field: string, cell: Cell): KeyReader {
    const { parts, composed } = this.partsOf(field, cell);
    return (cells) => {
      const read = parts(cells);
      return { text: composed(read), parts: read };
    };
  }

  private partsOf(field: string, cell: Cell): Parts {
    if (cell.kind === 'constant') return { parts: () => [cell.value], composed: ([text = '']) => text };
    if (cell.kind === 'joined') return this.joined(field, cell);
    const read = cell.kind === 'column' ? this.column(field, cell.column) : this.lookedUp(field, cell);
    return { parts: (cells) => [read(cells)], composed: ([text = '']) => prefixed(cell.prefix, text) };
  }

  private lookedUp(field: string, cell: LookedUp): CellReader {
    const lookup = this.lookups[cell.lookup];
    const table = this.tables[cell.lookup];
    if (!lookup || !table) return this.fault(`${field}.lookup: "${cell.lookup}" is not loaded`);
    const position = table.columns.position(cell.column, lookup.file);
    if (typeof position === 'string') return this.fault(`${field}.column: ${position}`);
    const key = this.bind(`lookups.${cell.lookup}.match`, lookup.match);
    return (cells) => this.clean(table.rows.get(key(cells))?.[position] ?? '');
  }

  /** @throws MappingError naming every column that the file does not have. */
  finish(): void {
    if (this.faults.length > 0) throw new MappingError([...new Set(this.faults)]);
  }

  private column(field: string, column: string): CellReader {
    const position = this.columns.position(column, 'the file');
    if (typeof position === 'string') return this.fault(`${field}.column: ${position}`);
    return (cells) => this.clean(cells[position] ?? '');
  }

  /** Blank unless each part has something: half a key is none. */
  private joined(field: string, { columns, separator, prefix, exact }: Joined): Parts {
    const readers = columns.map((column) => this.column(field, column));
    const part = exact ? marking(separator) : (text: string) => text;
    return {
      parts: (cells) => readers.map((read) => read(cells)),
      composed: (parts) => (parts.includes('') ? '' : prefixed(prefix, parts.map(part).join(separator))),
    };
  }

  private fault(text: string): CellReader {
    this.faults.push(text);
    return () => '';
  }
}

/** Reads a cell that the mapping need not have. */
export function optionalCell(binder: CellBinder, field: string, cell: Cell | null): CellReader {
  return cell ? binder.bind(field, cell) : () => '';
}

/** Reads a key that the mapping need not have. */
export function optionalKey(binder: CellBinder, field: string, cell: Cell | null): KeyReader {
  return cell ? binder.bindKey(field, cell) : () => NO_KEY;
}

const NO_KEY: KeyText = { text: '', parts: [] };

/** Where the columns of a file stand, by name. A name that is there twice harms only where it is asked for. */
export class Columns {
  private readonly names: readonly string[];

  constructor(header: readonly string[]) {
    this.names = header.map((name) => name.trim());
  }

  /** @returns the position, or what is wrong with the name. */
  position(name: string, file: string): number | string {
    const first = this.names.indexOf(name);
    if (first < 0) {
      const known = this.names.filter((other) => other !== '').map((other) => `"${other}"`);
      return `${file} has no column "${name}"; it has ${known.join(', ')}`;
    }
    const second = this.names.indexOf(name, first + 1);
    if (second < 0) return first;
    return `${file} has the column "${name}" twice (columns ${first + 1} and ${second + 1}); rename one of them`;
  }

  /** Every column in its place, whether one of `names` asks for it. */
  kept(names: ReadonlySet<string>): readonly boolean[] {
    return this.names.map((name) => names.has(name));
  }
}

/** Puts a backslash before what would else be taken for the end of a part. */
function marking(separator: string): (text: string) => string {
  return (text) => text.replaceAll('\\', '\\\\').replaceAll(separator, `\\${separator}`);
}

/** A blank stays blank: a prefix alone is no value. */
function prefixed(prefix: string, text: string): string {
  return text === '' ? '' : prefix + text;
}
