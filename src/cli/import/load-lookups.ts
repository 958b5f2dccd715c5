import { resolve } from 'node:path';
import { Columns, type LookupTable, type LookupTables } from './cell-reader.js';
import { openCsv } from './csv-file.js';
import { ImportError } from './import-error.js';
import { textCleaner } from './clean-text.js';
import { cellsOf, MappingError, type Lookup, type Mapping } from './mapping.js';

/** Rows a lookup file may have: it is held in memory, at some 200 bytes a row and column used. */
export const MAX_LOOKUP_ROWS = 1_000_000;

/**
 * Loads the files that are joined to the main one, keeping only the columns the mapping uses.
 * @param folder what relative file names are resolved against
 * @throws ImportError when a file cannot be read, is too long or has a key twice; MappingError when it lacks its key
 */
export async function loadLookups(mapping: Mapping, folder: string): Promise<LookupTables> {
  const tables: Record<string, LookupTable> = {};
  const clean = textCleaner(mapping.texts);
  for (const [name, lookup] of Object.entries(mapping.lookups)) {
    tables[name] = await loadTable(
      name,
      lookup,
      resolve(folder, lookup.file),
      usedColumns(mapping, name),
      clean,
    );
  }
  return tables;
}

async function loadTable(
  name: string,
  lookup: Lookup,
  path: string,
  used: ReadonlySet<string>,
  clean: (text: string) => string,
): Promise<LookupTable> {
  const { header, rows } = await openCsv(path, lookup.csv);
  const columns = new Columns(header);
  const keyAt = columns.position(lookup.key, lookup.file);
  if (typeof keyAt === 'string') throw new MappingError([`lookups.${name}.key: ${keyAt}`]);
  // Every column stays known by name, so that a misspelt one can be reported; only those used keep their texts.
  const kept = columns.kept(used);
  const table = new Map<string, readonly string[]>();
  for await (const { row, cells } of rows) {
    const key = clean(cells[keyAt] ?? '');
    if (table.has(key))
      throw new ImportError(`${path} has the ${lookup.key} "${key}" twice, again in row ${row}`);
    if (table.size >= MAX_LOOKUP_ROWS) throw new ImportError(`${path} has more than ${MAX_LOOKUP_ROWS} rows`);
    table.set(
      key,
      kept.map((wanted, position) => (wanted ? (cells[position] ?? '') : '')),
    );
  }
  return { columns, rows: table };
}

function usedColumns(mapping: Mapping, name: string): ReadonlySet<string> {
  const used = cellsOf(mapping)
    .map(([, cell]) => cell)
    .filter((cell) => cell.kind === 'lookup' && cell.lookup === name);
  return new Set(used.map((cell) => (cell as { column: string }).column));
}
