import { open, type FileHandle } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';

/** One record of a sort: the key, and the whole line as it stands in a run file. */
export interface SortEntry {
  readonly key: string;
  /** The key and the value, each as JSON, with a tab between them; JSON holds neither a tab nor a line break. */
  readonly text: string;
}

const BLOCK_BYTES = 65_536;
const WRITE_CHARACTERS = 262_144;

export function sortEntry(key: string, value: unknown): SortEntry {
  return { key, text: `${JSON.stringify(key)}\t${JSON.stringify(value)}` };
}

export function entryValue<T>({ text }: SortEntry): T {
  return JSON.parse(text.slice(text.indexOf('\t') + 1)) as T;
}

/** By UTF-16 code unit, whatever the machine's language: the order is the same everywhere. */
export function compareEntries(a: SortEntry, b: SortEntry): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/** Writes entries, which must be in order, to a new file. @throws the file system's errors (ENOSPC and such) */
export async function writeRun(
  path: string,
  entries: Iterable<SortEntry> | AsyncIterable<SortEntry>,
): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    let block: string[] = [];
    let size = 0;
    for await (const { text } of entries) {
      block.push(text, '\n');
      size += text.length;
      if (size < WRITE_CHARACTERS) continue;
      await file.appendFile(block.join(''));
      block = [];
      size = 0;
    }
    await file.appendFile(block.join(''));
  } finally {
    await file.close();
  }
}

/** Reads a run entry by entry; holds one block of the file. */
export class RunReader {
  current: SortEntry | null = null;
  private readonly decoder = new StringDecoder('utf8');
  private readonly buffer = Buffer.allocUnsafe(BLOCK_BYTES);
  private lines: string[] = [];
  private next = 0;
  private rest = '';
  private ended = false;

  private constructor(private readonly file: FileHandle) {}

  static async open(path: string): Promise<RunReader> {
    const reader = new RunReader(await open(path, 'r'));
    await reader.advance();
    return reader;
  }

  /** Moves `current` on; null at the end. */
  async advance(): Promise<void> {
    while (this.needsDisk) await this.fill();
    this.advanceInMemory();
  }

  /** Whether `advance` needs the disk; otherwise `advanceInMemory` will do. */
  get needsDisk(): boolean {
    return this.next >= this.lines.length && !this.ended;
  }

  /** `advance` without a turn of the event loop, which is what sorting millions of rows would else spend. */
  advanceInMemory(): void {
    const text = this.lines[this.next];
    this.next += 1;
    this.current =
      text === undefined ? null : { key: JSON.parse(text.slice(0, text.indexOf('\t'))) as string, text };
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private async fill(): Promise<void> {
    const { bytesRead } = await this.file.read(this.buffer, 0, BLOCK_BYTES);
    this.ended = bytesRead === 0;
    const text = this.rest + this.decoder.write(this.buffer.subarray(0, bytesRead));
    this.lines = text.split('\n');
    // A run ends with a line break, so what follows the last one is an unfinished line or nothing.
    this.rest = this.lines.pop() ?? '';
    this.next = 0;
  }
}
