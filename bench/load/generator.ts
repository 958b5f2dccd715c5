import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { InvalidRun } from '../scene.js';
import type { LoadPlan, LoadResult } from './plan.js';

const ENTRY = fileURLToPath(new URL('./generator-main.ts', import.meta.url));
const LOADER = new URL('../../test/harness/register-typescript.mjs', import.meta.url).href;
/** Time for connections to open, answers to be waited for, and the result to come. */
const SPARE_MS = 120_000;

type Message = { readonly ready: true } | { readonly result: LoadResult } | { readonly error: string };

/** The load generator, in a process of its own so that what it costs is not taken for the server's. */
export class LoadGenerator {
  private constructor(private readonly child: ChildProcess) {}

  static async start(): Promise<LoadGenerator> {
    const child = spawn(process.execPath, ['--import', LOADER, ENTRY], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const generator = new LoadGenerator(child);
    await generator.message(SPARE_MS);
    return generator;
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Carries a plan out; one at a time. @throws InvalidRun when an answer was not as it should be. */
  async run(plan: LoadPlan): Promise<LoadResult> {
    this.child.send(plan);
    const message = await this.message(plan.seconds * 1000 + SPARE_MS);
    if ('error' in message) throw new Error(`the load generator failed: ${message.error}`);
    if (!('result' in message)) throw new Error('the load generator said something else');
    const { result } = message;
    if (result.problems.length > 0) {
      throw new InvalidRun(`${plan.work.kind} on ${plan.url}: ${result.problems.join('\n  ')}`);
    }
    return result;
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.disconnect();
    await exited;
  }

  private message(limitMs: number): Promise<Message> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        this.child.off('message', onMessage).off('exit', onExit);
        act();
      };
      const onMessage = (message: Message) => settle(() => resolve(message));
      const onExit = () => settle(() => reject(new Error('the load generator ended')));
      const timer = setTimeout(
        () => settle(() => reject(new Error(`the load generator said nothing for ${limitMs / 1000} s`))),
        limitMs,
      );
      this.child.on('message', onMessage).on('exit', onExit);
    });
  }
}
