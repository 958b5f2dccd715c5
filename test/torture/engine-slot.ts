import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CLOSED, READY } from './engine-words.js';

const ENTRY = fileURLToPath(new URL('./engine-main.ts', import.meta.url));
const LOADER = new URL('../harness/register-typescript.mjs', import.meta.url).href;
/** A start takes seconds, fails while the database is away, and is repeated. */
const START_LIMIT_MS = 180_000;
const STOP_LIMIT_MS = 60_000;
const RETRY_MS = 200;
const READY_AT = new RegExp(`${READY} (\\S+)`);
const OUTPUT_LIMIT = 8_192;
/** How the engine's log begins the line of a request that it answered with 500. */
const REQUEST_FAILED = '"a request failed"';

export interface SlotOptions {
  readonly databaseUrl: string;
  /** Of the owner of the schema, for what the process's witness writes down. */
  readonly witnessUrl: string;
  readonly shards: number;
  /** Whether its clock is set back and on again all the time; default false. Only where shards have no threads. */
  readonly unsteadyClock?: boolean;
  /** Told when the process ends unasked, or ends badly, and what it logs of each request that it answers with 500. */
  readonly onFailure: (detail: string) => void;
}

/** A place for an engine's process: it is killed and started again, and says where it can be reached now. */
export class EngineSlot {
  /** Null while it is down. */
  url: string | null = null;
  private child: ChildProcess | null = null;
  /** With its exit code, or the signal that ended it. */
  private ended: Promise<number | NodeJS.Signals | null> = Promise.resolve(null);
  private output = '';
  private ending = false;

  constructor(
    readonly name: string,
    private readonly options: SlotOptions,
  ) {}

  /** Starts the process, again and again where the database is not to be reached. @throws Error past the limit */
  async start(): Promise<void> {
    const deadline = performance.now() + START_LIMIT_MS;
    while (!(await this.attempt(deadline))) {
      if (performance.now() > deadline) throw new Error(`${this.name} does not start:\n${this.output}`);
      await sleep(RETRY_MS);
    }
  }

  /** Ends it without a word, as a power cut would. */
  async kill(): Promise<void> {
    this.beginEnd();
    this.child?.kill('SIGKILL');
    await this.ended;
  }

  /** Lets the process stand still, as a paused machine does, unless it is ended meanwhile. */
  async freeze(ms: number): Promise<void> {
    this.child?.kill('SIGSTOP');
    await sleep(ms);
    this.thaw();
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  /** Asks it to stop, and to answer first what it took. */
  async stop(): Promise<void> {
    this.beginEnd();
    this.child?.kill('SIGTERM');
    this.child?.kill('SIGCONT');
    const code = await Promise.race([this.ended, sleep(STOP_LIMIT_MS, 'late' as const, { ref: false })]);
    if (code === 0) return;
    if (typeof code === 'string' && code !== 'late' && this.output.trimEnd().endsWith(CLOSED)) {
      // Seen twice in some five hundred stops, cause unknown. Its work is done; it is reported, not hidden.
      process.stderr.write(`${this.name} had closed everything and was then ended by ${code}\n`);
      return;
    }
    this.options.onFailure(`${this.name} was asked to stop and ended with ${code}:\n${this.output}`);
    await this.kill();
  }

  private beginEnd(): void {
    this.ending = true;
    this.url = null;
  }

  /** @returns whether it came up */
  private async attempt(deadline: number): Promise<boolean> {
    this.ending = false;
    this.output = '';
    const child = spawn(process.execPath, ['--import', LOADER, ENTRY], {
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        DATABASE_URL: this.options.databaseUrl,
        TORTURE_WITNESS_URL: this.options.witnessUrl,
        TORTURE_SHARDS: String(this.options.shards),
        TORTURE_UNSTEADY_CLOCK: this.options.unsteadyClock ? 'true' : '',
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child = child;
    // Not at 'exit': what it said last may still be on its way.
    this.ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
    const ready = this.readiness(child);
    const late = sleep(Math.max(0, deadline - performance.now()), 'late' as const, { ref: false });
    const outcome = await Promise.race([ready, this.ended, late]);
    if (typeof outcome !== 'object' || outcome === null) {
      if (outcome === 'late') child.kill('SIGKILL');
      await this.ended;
      return false;
    }
    if (!this.ending) this.url = outcome.url;
    void this.ended.then((code) => this.noticeEnd(child, code));
    return true;
  }

  private readiness(child: ChildProcess): Promise<{ url: string }> {
    return new Promise((resolve) => {
      const faults = new FaultLines((line) => this.options.onFailure(`${this.name} answered 500:\n${line}`));
      const read = (chunk: Buffer) => {
        this.output = (this.output + chunk.toString()).slice(-OUTPUT_LIMIT);
        faults.read(chunk.toString());
        const found = READY_AT.exec(this.output);
        if (found) resolve({ url: found[1] as string });
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
    });
  }

  private noticeEnd(child: ChildProcess, code: number | NodeJS.Signals | null): void {
    if (child !== this.child || this.ending) return;
    this.url = null;
    this.options.onFailure(`${this.name} ended by itself with ${code}:\n${this.output}`);
  }
}

/** Finds the log lines of requests that were answered with 500, in whatever pieces the log arrives. */
class FaultLines {
  private begun = '';

  constructor(private readonly onFault: (line: string) => void) {}

  read(text: string): void {
    const lines = (this.begun + text).split('\n');
    this.begun = lines.pop() ?? '';
    for (const line of lines) if (line.includes(REQUEST_FAILED)) this.onFault(line);
  }
}
