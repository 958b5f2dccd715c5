import { stringify } from 'csv-stringify/sync';
import { open, rm, type FileHandle } from 'node:fs/promises';
import type { CsvFormat } from './mapping.js';
import type { RejectedRow } from './row.js';

const WRITE_CHARACTERS = 65_536;

/**
 * The rows that did not go in: row number, code, reason, and the row as it was. Made when there is a first one,
 * with the delimiter of the original and in UTF-8; columns are found by name, so a repaired file can be imported
 * with the same mapping.
 */
export class RejectsFile {
  count = 0;
  private file: FileHandle | null = null;
  private block: string[] = [];
  private size = 0;
  /** Blocks are written one after the other, though several receipts may be rejected at a time. */
  private written: Promise<void> = Promise.resolve();

  private constructor(
    readonly path: string,
    private readonly header: readonly string[],
    private readonly format: CsvFormat,
  ) {}

  /** Begins anew: what an earlier run left is removed, so that what is there is always of the last run. */
  static async begin(path: string, header: readonly string[], format: CsvFormat): Promise<RejectsFile> {
    await rm(path, { force: true });
    return new RejectsFile(path, header, format);
  }

  async add(rows: readonly RejectedRow[]): Promise<void> {
    if (this.count === 0 && rows.length > 0) this.write(['row', 'code', 'reason', ...this.header]);
    for (const { row, code, reason, cells } of rows) this.write([row.toString(), code, reason, ...cells]);
    this.count += rows.length;
    if (this.size >= WRITE_CHARACTERS) await this.flush();
  }

  async close(): Promise<void> {
    await this.flush();
    await this.file?.close();
    this.file = null;
  }

  private write(cells: readonly string[]): void {
    const { delimiter, quote } = this.format;
    const text = stringify([[...cells]], { delimiter, quote: quote ?? '"' });
    this.block.push(text);
    this.size += text.length;
  }

  private flush(): Promise<void> {
    const text = this.block.join('');
    this.block = [];
    this.size = 0;
    this.written = this.written.then(async () => {
      if (text === '') return;
      this.file ??= await open(this.path, 'w');
      await this.file.appendFile(text);
    });
    return this.written;
  }
}
