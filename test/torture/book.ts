import type { Command } from './command.js';
import { OPERATIONS, type Operation } from './operations.js';
import type { Result } from './replies.js';

export type Outcome = 'acknowledged' | 'refused' | 'unknown';

/** What is known of a command from the answers alone. */
export interface Entry {
  readonly command: Command;
  readonly operation: Operation;
  /** An acknowledgement stays; what was unknown may become known. */
  outcome: Outcome;
  /** The acknowledgement's body. */
  body: string | null;
}

/** Past this many a run is broken, and more of the same says nothing. */
const VIOLATIONS_KEPT = 50;

/** What went wrong; empty after a good run. */
export class Violations {
  readonly listed: string[] = [];
  private found = 0;

  get count(): number {
    return this.found;
  }

  add(text: string): void {
    this.found += 1;
    if (this.listed.length < VIOLATIONS_KEPT) this.listed.push(text);
  }
}

/** Keeps the answers that clients got, command by command, and notices two different answers to one command. */
export class Book {
  private readonly entries = new Map<string, Entry>();
  /** Those that an answer said it was the first for. */
  private readonly firsts = new Set<Entry>();

  constructor(private readonly violations: Violations) {}

  get all(): readonly Entry[] {
    return [...this.entries.values()];
  }

  /** The entry of a command that is about to be sent; the same one whenever it is sent again. */
  open(command: Command): Entry {
    const id = `${command.operation} ${command.key}`;
    const known = this.entries.get(id);
    if (known) return known;
    const operation = OPERATIONS.find(({ name }) => name === command.operation);
    if (!operation) throw new Error(`there is no operation ${command.operation}`);
    const entry: Entry = { command, operation, outcome: 'unknown', body: null };
    this.entries.set(id, entry);
    return entry;
  }

  note(command: Command, result: Result): Entry {
    const entry = this.open(command);
    switch (result.kind) {
      case 'answered':
        this.acknowledge(entry, result.replayed, result.body);
        break;
      case 'refused':
        this.refuse(entry, result.code);
        break;
      case 'unknown':
        if (result.isFault) this.violations.add(`${name(entry)}: ${result.why}`);
        break;
    }
    return entry;
  }

  private acknowledge(entry: Entry, replayed: boolean, body: string): void {
    if (entry.body !== null && entry.body !== body) {
      this.violations.add(`${name(entry)}: answered first\n  ${entry.body}\nand then\n  ${body}`);
    }
    entry.outcome = 'acknowledged';
    entry.body ??= body;
    if (!replayed) this.first(entry);
  }

  /** Only one answer may claim to be the first. */
  private first(entry: Entry): void {
    if (this.firsts.has(entry))
      this.violations.add(`${name(entry)}: done anew although it had been answered`);
    this.firsts.add(entry);
  }

  private refuse(entry: Entry, code: string): void {
    if (!entry.operation.refusals.includes(code)) this.violations.add(`${name(entry)}: refused with ${code}`);
    if (entry.outcome === 'acknowledged') {
      this.violations.add(`${name(entry)}: refused with ${code} after it had been acknowledged`);
    } else {
      entry.outcome = 'refused';
    }
  }
}

/** By this a command is named in a report. */
export function name({ command }: Entry): string {
  return `${command.operation} ${command.key}`;
}
