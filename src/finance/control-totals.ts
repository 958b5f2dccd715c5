import { createHash } from 'node:crypto';
import { csvRows, type Cell } from './csv.js';

/** First cell of the last line of an export, by which a reader tells it from data. */
export const TRAILER = '#control';

/** Writes an export's rows and, last, the line by which a receiver checks that all of them arrived unchanged. */
export class ControlledRows {
  private readonly digest = createHash('sha256');
  private count = 0;

  /** The rows as text, counted and hashed. */
  write(rows: readonly (readonly Cell[])[]): string {
    const text = csvRows(rows);
    this.digest.update(text);
    this.count += rows.length;
    return text;
  }

  /** How many rows were written. */
  get rows(): number {
    return this.count;
  }

  /** SHA-256 over the bytes of the rows, without header, trailer and byte order mark; lower-case hex. */
  sha256(): string {
    return this.digest.copy().digest('hex');
  }
}

/** `#control,rows=2,points=150,…` */
export function trailer(totals: Readonly<Record<string, Cell>>): string {
  return csvRows([[TRAILER, ...Object.entries(totals).map(([name, value]) => `${name}=${String(value)}`)]]);
}
