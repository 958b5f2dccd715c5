import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

/** The version of the file's form; another one is refused. */
export const BACKUP_FORMAT = 1;
/** It holds password hashes, personal data and private keys. */
const SECRET_MODE = 0o600;

/** The first line of a file. */
export interface BackupHeader {
  readonly laurelBackup: number;
  /** When the snapshot was taken, ISO 8601 in UTC. */
  readonly takenAt: string;
  /** Names of the migrations that the database had, in their order. */
  readonly migrations: readonly string[];
}

/** What follows it: key files, then tables with their rows in chunks. A row is PostgreSQL's text of the whole record. */
export type BackupPart =
  | { readonly file: string; readonly text: string }
  | { readonly table: string; readonly rows: readonly string[] };

/** What a whole file comes to; its last line. */
export interface BackupTotals {
  readonly tables: Readonly<Record<string, number>>;
  readonly files: readonly string[];
  /** SHA-256 of every line before, hex. */
  readonly sha256: string;
}

/** The file is no backup, not all of one, or changed since it was written. */
export class DamagedBackupError extends Error {
  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`${path} is no whole backup: ${reason}. Nothing was changed.`, options);
    this.name = 'DamagedBackupError';
  }
}

/**
 * Writes a backup beside `path` and renames it when it is whole and on the disk.
 * @throws Error when `path` exists
 */
export async function writeBackup(
  path: string,
  header: BackupHeader,
  parts: AsyncIterable<BackupPart>,
): Promise<BackupTotals> {
  if (await stat(path).catch(() => null)) throw new Error(`${path} exists; name another file.`);
  const draft = `${path}.unfinished`;
  const count = new Totals();
  async function* lines(): AsyncGenerator<string> {
    yield count.line(header);
    for await (const part of parts) yield count.part(part);
    yield `${JSON.stringify(count.totals())}\n`;
  }
  try {
    await pipeline(Readable.from(lines()), createGzip(), createWriteStream(draft, { mode: SECRET_MODE }));
    const handle = await open(draft, 'r');
    await handle.sync().finally(() => handle.close());
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return count.totals();
}

/**
 * Reads a whole file and holds it to its digest before anything is done with it.
 * @throws DamagedBackupError when it is no backup, or not as it was written
 */
export async function checkBackup(path: string): Promise<BackupHeader & BackupTotals> {
  let header: BackupHeader | null = null;
  let last: string | null = null;
  const count = new Totals();
  for await (const line of linesOf(path)) {
    if (last !== null) {
      if (header === null) {
        header = parse<BackupHeader>(path, last);
        if (header.laurelBackup !== BACKUP_FORMAT)
          throw new DamagedBackupError(path, `its form is not version ${BACKUP_FORMAT}`);
        count.line(header);
      } else count.part(parse<BackupPart>(path, last));
    }
    last = line;
  }
  if (header === null || last === null) throw new DamagedBackupError(path, 'it has no end');
  const said = parse<BackupTotals>(path, last);
  if (JSON.stringify(count.totals()) !== JSON.stringify(said))
    throw new DamagedBackupError(path, 'its content is not what its last line says');
  return { ...header, ...said };
}

/** The parts of a file that `checkBackup` has passed. */
export async function* partsOf(path: string): AsyncGenerator<BackupPart> {
  for await (const line of linesOf(path)) {
    const part = JSON.parse(line) as Partial<BackupPart & BackupHeader & BackupTotals>;
    if (part.laurelBackup === undefined && part.sha256 === undefined) yield part as BackupPart;
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const source = createReadStream(path);
  const gunzip = createGunzip();
  const ended = pipeline(source, gunzip).catch((error: unknown) => error as NodeJS.ErrnoException);
  // An error ends the lines early; it is thrown once those that came are read.
  const readable = Readable.from(untilError(gunzip));
  try {
    for await (const line of createInterface({ input: readable, crlfDelay: Infinity })) yield line;
  } finally {
    // Also where the reader had enough.
    source.destroy();
  }
  const failed = await ended;
  if (!failed) return;
  if (failed.code === 'ENOENT' || failed.code === 'EACCES') throw new Error(`${path}: ${failed.message}`);
  throw new DamagedBackupError(path, failed.message, { cause: failed });
}

async function* untilError(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* stream;
  } catch {
    // `linesOf` has it from the pipeline.
  }
}

function parse<T>(path: string, line: string): T {
  try {
    return JSON.parse(line) as T;
  } catch (error) {
    throw new DamagedBackupError(path, 'a line of it is no JSON', { cause: error });
  }
}

/** Counts and digests the lines as they pass. */
class Totals {
  private readonly tables: Record<string, number> = {};
  private readonly files: string[] = [];
  private readonly hash = createHash('sha256');

  line(value: BackupHeader | BackupPart): string {
    const text = `${JSON.stringify(value)}\n`;
    this.hash.update(text);
    return text;
  }

  part(part: BackupPart): string {
    if ('file' in part) this.files.push(part.file);
    else this.tables[part.table] = (this.tables[part.table] ?? 0) + part.rows.length;
    return this.line(part);
  }

  totals(): BackupTotals {
    return { tables: this.tables, files: this.files, sha256: this.hash.copy().digest('hex') };
  }
}
