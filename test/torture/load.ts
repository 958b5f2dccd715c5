import { setTimeout as sleep } from 'node:timers/promises';
import type { Book } from './book.js';
import { Draw, type Command } from './command.js';
import { OPERATIONS } from './operations.js';
import { readReply, type Result } from './replies.js';
import type { Rig } from './rig.js';
import { SeededRandom } from './seeded-random.js';
import { send, type Reply } from './send.js';

/** How often a client that learnt nothing sends the same again before it leaves it for later. */
const RETRIES = 4;
/** Some clients give up at once; what became of their command is found out at the end. */
const RETRY_CHANCE = 0.7;
const RETRY_PAUSE_MS = 50;
const NOBODY_PAUSE_MS = 20;

/** Sends commands from several clients at once, as tills do that never wait for each other. */
export class Load {
  /** Requests answered, by what became of them; over the whole run. */
  readonly requests = new Map<string, number>();
  private number = 0;

  constructor(
    private readonly rig: Rig,
    private readonly seed: string,
  ) {}

  /** Keeps `connections` commands under way until `stopped`; resolves when the last one has come to its end. */
  async run(book: Book, connections: number, stopped: AbortSignal): Promise<void> {
    const client = async (): Promise<void> => {
      while (!stopped.aborted) {
        const command = this.draw();
        await this.carryOut(command, book, stopped, new SeededRandom(`${this.seed} retry ${this.number}`));
      }
    };
    await Promise.all(Array.from({ length: connections }, client));
  }

  /** Sends it once to an engine that is up; null when the storm is over and none is. */
  private async sendOnce(
    command: Command,
    random: SeededRandom,
    stopped: AbortSignal,
  ): Promise<Reply | null> {
    for (;;) {
      const urls = this.rig.slots.flatMap(({ url }) => (url === null ? [] : [url]));
      if (urls.length > 0) return this.sendTo(random.pick(urls), command);
      if (stopped.aborted) return null;
      await sleep(NOBODY_PAUSE_MS);
    }
  }

  sendTo(url: string, { request }: Command): Promise<Reply> {
    const headers = { ...request.headers, authorization: `Bearer ${this.rig.key}` };
    return send(this.rig.agent, url, { ...request, headers });
  }

  note(book: Book, command: Command, reply: Reply): readonly Result[] {
    return readReply(command, reply).map(([of, result]) => {
      book.note(of, result);
      const key = result.kind === 'answered' && result.replayed ? 'replayed' : result.kind;
      this.requests.set(key, (this.requests.get(key) ?? 0) + 1);
      return result;
    });
  }

  /** The next command: the same one for the same seed and number. */
  private draw(): Command {
    this.number += 1;
    const random = new SeededRandom(`${this.seed} command ${this.number}`);
    const choices = OPERATIONS.flatMap(({ drawn }) => (drawn ? [drawn] : []));
    return random.weighted(choices).make(new Draw(this.rig.world, random, this.number));
  }

  private async carryOut(
    command: Command,
    book: Book,
    stopped: AbortSignal,
    random: SeededRandom,
  ): Promise<void> {
    for (const each of command.lines.length > 0 ? command.lines : [command]) book.open(each);
    const copies = Array.from({ length: command.copies }, () =>
      this.sendUntilKnown(command, book, stopped, random),
    );
    const answers = (await Promise.all(copies))
      .flat()
      .flatMap((result) => (result.kind === 'answered' ? [JSON.parse(result.body)] : []));
    if (answers.length === 0) return;
    const sequels = command.sequels(answers[0]);
    await Promise.all(sequels.map((sequel) => this.carryOut(sequel, book, stopped, random)));
  }

  private async sendUntilKnown(
    command: Command,
    book: Book,
    stopped: AbortSignal,
    random: SeededRandom,
  ): Promise<readonly Result[]> {
    for (let retry = 0; ; retry += 1) {
      const reply = await this.sendOnce(command, random, stopped);
      if (reply === null) return [];
      const results = this.note(book, command, reply);
      const known = results.every(({ kind }) => kind !== 'unknown');
      if (known || retry >= RETRIES || !random.chance(RETRY_CHANCE)) return results;
      await sleep(RETRY_PAUSE_MS);
    }
  }
}
