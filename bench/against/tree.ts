import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Contestant, Sample } from '../scene.js';

const CONTESTANT = fileURLToPath(new URL('contestant.mjs', import.meta.url));

/** Sorts of work that both trees do. */
export const WORKS = ['receipt', 'stream', 'return', 'redemption', 'balance'] as const;
export type AgainstWork = (typeof WORKS)[number];

interface Answer {
  readonly sample?: Sample;
  readonly note?: string;
  readonly error?: string;
}

/** A tree of this repository with its engine running: its own server, stage and load generator, in a process. */
export class Tree {
  /** Rejects when the process ends; watched once, however many answers there are. */
  private readonly ended: Promise<never>;

  private constructor(private readonly child: ChildProcess) {
    const end = new Error('the engine of a tree ended; what it said is above');
    this.ended = new Promise((_, fail) => {
      child.once('exit', () => fail(end));
    });
    // Its end is no fault where nothing is waited for.
    this.ended.catch(() => undefined);
  }

  /** @param path of a tree whose packages are installed. @throws Error when it does not come up. */
  static async start(path: string): Promise<Tree> {
    const loader = join(path, 'test/harness/register-typescript.mjs');
    const child = fork(CONTESTANT, [], { cwd: path, execArgv: ['--import', loader] });
    const tree = new Tree(child);
    await tree.answer();
    return tree;
  }

  contestant(name: string, work: AgainstWork): Contestant {
    return { name, measure: async (seconds) => (await this.ask({ work, seconds })).sample as Sample };
  }

  /** Checks what was recorded, and stops. @returns what the check says. @throws Error where a row is wrong. */
  async end(): Promise<string> {
    const exited = once(this.child, 'exit');
    const { note } = await this.ask({ work: 'end' });
    await exited;
    return note ?? '';
  }

  /** Takes everything away, whatever it is doing. */
  abandon(): void {
    if (this.child.connected) this.child.disconnect();
  }

  private ask(message: object): Promise<Answer> {
    this.child.send(message);
    return this.answer();
  }

  private async answer(): Promise<Answer> {
    const told = new Promise<Answer>((resolve) => {
      this.child.once('message', (message) => resolve(message as Answer));
    });
    const answer = await Promise.race([told, this.ended]);
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }
}
