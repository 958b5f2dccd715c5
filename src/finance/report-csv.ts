import { BYTE_ORDER_MARK, csvRows, type Cell } from './csv.js';

/** A small report as CSV: the keys of its first row are the columns, in snake case. */
export function recordsCsv(records: readonly Readonly<Record<string, Cell>>[]): string {
  const columns = Object.keys(records[0] ?? {});
  return (
    BYTE_ORDER_MARK + csvRows([columns.map(snakeCase), ...records.map((record) => Object.values(record))])
  );
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
