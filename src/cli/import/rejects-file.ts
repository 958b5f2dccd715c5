import { stringify } from 'csv-stringify/sync';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { REJECT_COLUMNS, type CsvFile } from './csv-file.js';
import type { CsvFormat } from './mapping.js';
import type { RejectedRow } from './row.js';
import { textWriter, type TextWriter } from './text-encoding.js';

const WRITE_BYTES = 65_536;
const BYTE_ORDER_MARK = '\ufeff';

/**
 * The rows that did not go in: row number, code, reason, and the row as it was. Made when there is a first one, in the
 * encoding of the original and with its delimiter and quote, so that the same mapping reads it again.
 */
export class RejectsFile {
  count = 0;
  private file: FileHandle | null = null;
  private block: Buffer[] = [];
  private size = 0;
  /** Blocks are written one after the other, though several receipts may be rejected at a time. */
  private written: Promise<void> = Promise.resolve();
  /** Made for the first row that is rejected: most files have none, and a table of Big5 takes a while. */
  private toBytes: TextWriter | null = null;

  private constructor(
    readonly path: string,
    private readonly original: CsvFile,
    private readonly format: CsvFormat,
  ) {}

  /** Begins anew: what an earlier run left is removed, so that what is there is always of the last run. */
  static async begin(path: string, original: CsvFile, format: CsvFormat): Promise<RejectsFile> {
    await rm(path, { force: true });
    return new RejectsFile(path, original, format);
  }

  async add(rows: readonly RejectedRow[]): Promise<void> {
    if (this.count === 0 && rows.length > 0) {
      if (this.original.seen.hasMark) this.push(BYTE_ORDER_MARK);
      this.write(REJECT_COLUMNS, this.original.header);
    }
    for (const { row, code, reason, cells } of rows) this.write([row.toString(), code, reason], cells);
    this.count += rows.length;
    if (this.size >= WRITE_BYTES) await this.flush();
  }

  async close(): Promise<void> {
    await this.flush();
    await this.file?.close();
    this.file = null;
  }

  /** @param added our own cells, before those of the file. */
  private write(added: readonly string[], cells: readonly string[]): void {
    const { delimiter, quote } = this.format;
    if (quote === null) {
      // Nothing can be quoted: the file's own cells have no delimiter in them, our sentences must not have one.
      const plain = added.map((text) => text.replaceAll(delimiter, ' ').replaceAll(/[\r\n]+/g, ' '));
      this.push(`${[...plain, ...cells].join(delimiter)}\n`);
    } else this.push(stringify([[...added, ...cells]], { delimiter, quote, escape: quote }));
  }

  /** What the encoding does not have can only stand in our own sentences, and is asked about there. */
  private push(text: string): void {
    const toBytes = (this.toBytes ??= textWriter(this.format.encoding));
    const bytes = toBytes(text) ?? Buffer.concat([...text].map((one) => toBytes(one) ?? Buffer.from('?')));
    this.block.push(bytes);
    this.size += bytes.length;
  }

  private flush(): Promise<void> {
    const bytes = Buffer.concat(this.block);
    this.block = [];
    this.size = 0;
    this.written = this.written.then(async () => {
      if (bytes.length === 0) return;
      this.file ??= await open(this.path, 'w');
      await this.file.appendFile(bytes);
    });
    return this.written;
  }
}
