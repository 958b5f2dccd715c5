import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mergeRuns } from './merge-runs.js';
import { compareEntries, entryValue, sortEntry, writeRun, type SortEntry } from './sorted-run.js';

export interface SortLimits {
  /** Records held in memory before they are written as a run. */
  readonly records: number;
  /** Characters of their text held in memory. */
  readonly characters: number;
  /** Runs merged at a time: so many files are open at once. */
  readonly fanIn: number;
}

const DEFAULT_LIMITS: SortLimits = { records: 50_000, characters: 32_000_000, fanIn: 64 };

/**
 * Sorts any number of JSON values by a text key with bounded memory: full buffers go to disk as sorted runs,
 * `fanIn` runs of one level become one of the next, and the end is a merge of what is left. What fits into one
 * buffer never touches the disk. Values with equal keys come in any order.
 */
export class ExternalSort<T> {
  count = 0;
  private buffer: SortEntry[] = [];
  private characters = 0;
  private files = 0;
  /** Paths of the runs, by level. */
  private readonly levels: string[][] = [];

  /** @param name begins the names of the files in `folder`; the caller removes the folder */
  constructor(
    private readonly folder: string,
    private readonly name: string,
    private readonly limits: SortLimits = DEFAULT_LIMITS,
  ) {}

  /** Takes a value; resolves when there is room for the next. */
  add(key: string, value: T): Promise<void> | undefined {
    const entry = sortEntry(key, value);
    this.buffer.push(entry);
    this.characters += entry.text.length;
    this.count += 1;
    const full = this.buffer.length >= this.limits.records || this.characters >= this.limits.characters;
    return full ? this.spill() : undefined;
  }

  /** Everything added, in order of key. To be asked once: what was read to the end is removed. */
  async *sorted(): AsyncGenerator<T> {
    if (this.levels.length === 0) {
      const entries = this.takeBuffer();
      for (const entry of entries) yield entryValue<T>(entry);
      return;
    }
    if (this.buffer.length > 0) await this.spill();
    while (this.levels.flat().length > this.limits.fanIn) await this.raise(this.fullestLevel());
    const paths = this.levels.flat();
    for await (const entry of mergeRuns(paths)) yield entryValue<T>(entry);
    await Promise.all(paths.map((path) => rm(path)));
  }

  private async spill(): Promise<void> {
    const path = this.newPath();
    await writeRun(path, this.takeBuffer());
    this.levelAt(0).push(path);
    for (let level = 0; this.levelAt(level).length >= this.limits.fanIn; level += 1) await this.raise(level);
  }

  /** Makes one run of the next level out of all runs of this one. */
  private async raise(level: number): Promise<void> {
    const paths = this.levelAt(level).splice(0, this.limits.fanIn);
    const path = this.newPath();
    await writeRun(path, mergeRuns(paths));
    await Promise.all(paths.map((old) => rm(old)));
    this.levelAt(level + 1).push(path);
  }

  private fullestLevel(): number {
    const sizes = this.levels.map((paths) => paths.length);
    return sizes.indexOf(Math.max(...sizes));
  }

  private takeBuffer(): SortEntry[] {
    const entries = this.buffer.sort(compareEntries);
    this.buffer = [];
    this.characters = 0;
    return entries;
  }

  private levelAt(level: number): string[] {
    return (this.levels[level] ??= []);
  }

  private newPath(): string {
    this.files += 1;
    return join(this.folder, `${this.name}-${this.files}`);
  }
}
