import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { Shop } from '../../../../test/builders/shop.js';
import type { Command, Outcome } from '../contract/command.js';
import type { ShardOutcome } from './shard.js';
import { ShardHost } from './shard-host.js';
import type { FromShard, ToShard } from './shard-messages.js';
import { ThreadedShard } from './threaded-shard.js';

const shop = new Shop();
const answer = (body: string): Outcome => ({ kind: 'answered', status: 201, body, replayed: false });

/** Two ends without a thread between them; what is sent is copied and arrives with a later turn of the event loop. */
class Thread {
  readonly worker = new EventEmitter();
  readonly port = new EventEmitter();
  readonly sent: ToShard[] = [];
  readonly told: FromShard[] = [];

  constructor() {
    Object.assign(this.worker, {
      postMessage: (message: ToShard) => {
        this.sent.push(message);
        deliver(this.port, message);
      },
    });
    Object.assign(this.port, {
      postMessage: (message: FromShard) => {
        this.told.push(message);
        deliver(this.worker, message);
      },
      close: () => setImmediate(() => this.worker.emit('exit', 0)),
    });
  }
}

function deliver(to: EventEmitter, message: unknown): void {
  const copy: unknown = structuredClone(message);
  setImmediate(() => to.emit('message', copy));
}

/** Answers everything it has with one go, when it is told to. */
class HeldShard {
  readonly taken: Command[] = [];
  readonly mayForward: boolean[] = [];
  closed = false;
  private readonly held: {
    readonly resolve: (outcome: ShardOutcome) => void;
    readonly reject: (error: unknown) => void;
  }[] = [];

  submit(command: Command, mayForward: boolean): Promise<ShardOutcome> {
    this.taken.push(command);
    this.mayForward.push(mayForward);
    return new Promise((resolve, reject) => this.held.push({ resolve, reject }));
  }
  answerAll(): void {
    for (const [index, { resolve }] of this.held.splice(0).entries()) resolve(answer(`{"nth":${index}}`));
  }
  sendAllAway(): void {
    for (const { resolve } of this.held.splice(0)) resolve({ kind: 'forwarded' });
  }
  failAll(error: unknown): void {
    for (const { reject } of this.held.splice(0)) reject(error);
  }
  close(): Promise<void> {
    this.closed = true;
    this.answerAll();
    return Promise.resolve();
  }
}

async function story() {
  const thread = new Thread();
  const observed: unknown[] = [];
  const observer = {
    batch: (...figures: number[]) => void observed.push(['batch', ...figures]),
    loaded: (...figures: number[]) => void observed.push(['loaded', ...figures]),
    reloaded: (count: number) => void observed.push(['reloaded', count]),
    clockBehind: (...figures: number[]) => void observed.push(['clockBehind', ...figures]),
    counted: (what: object) => void observed.push(['counted', what]),
    failed: (kind: string) => void observed.push(['failed', kind]),
    committed: () => void observed.push(['committed']),
  };
  const starting = ThreadedShard.start(thread.worker as unknown as Worker, observer);
  const host = new ShardHost(thread.port as unknown as ConstructorParameters<typeof ShardHost>[0]);
  const held = new HeldShard();
  let ended = false;
  host.serve(held, () => Promise.resolve(void (ended = true)));
  return { thread, host, held, observed, shard: await starting, hasEnded: () => ended };
}

/** Long enough for a message there and one back. */
async function meanwhile(): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('a shard in a thread of its own', () => {
  it('takes what is submitted in one turn as one message, in its order, and answers each its own', async () => {
    const { shard, held, thread } = await story();
    const commands = [1, 2, 3].map(() => shop.purchase(shop.member()));
    const outcomes = commands.map((command) => shard.submit(command, false));
    await meanwhile();
    expect(thread.sent).toHaveLength(1);
    expect(held.taken).toEqual(commands);
    held.answerAll();
    expect(await Promise.all(outcomes)).toEqual([0, 1, 2].map((nth) => answer(`{"nth":${nth}}`)));
    // "ready", and all three outcomes together.
    expect(thread.told.map(({ kind }) => kind)).toEqual(['ready', 'news']);
  });

  it('sends which commands may be forwarded, and which were', async () => {
    const { shard, held } = await story();
    const outcomes = [true, false].map((mayForward) =>
      shard.submit(shop.purchase(shop.member()), mayForward),
    );
    await meanwhile();
    expect(held.mayForward).toEqual([true, false]);
    held.sendAllAway();
    expect(await Promise.all(outcomes)).toEqual([{ kind: 'forwarded' }, { kind: 'forwarded' }]);
  });

  it('rejects with the words of the error that the shard met', async () => {
    const { shard, held } = await story();
    const submitted = [
      shard.submit(shop.purchase(shop.member()), false),
      shard.submit(shop.purchase(shop.member()), false),
    ];
    await meanwhile();
    held.failAll(Object.assign(new Error('no handler for it'), { unknown: () => 'not to be copied' }));
    for (const outcome of submitted) await expect(outcome).rejects.toThrow('no handler for it');
  });

  it('passes observations of the shard to the observer, with its answers', async () => {
    const { shard, held, host, observed, thread } = await story();
    const outcome = shard.submit(shop.purchase(shop.member()), false);
    await meanwhile();
    host.observer.failed('race', new Error('not told'));
    await meanwhile();
    expect(observed).toEqual([['failed', 'race']]);
    host.observer.loaded(3, 1);
    await meanwhile();
    host.observer.counted({ metric: 'conditionFailed', label: 'base' });
    host.observer.committed();
    held.answerAll();
    host.observer.batch(4, 0, 0.25);
    await outcome;
    expect(observed.slice(1)).toEqual([
      ['loaded', 3, 1],
      ['counted', { metric: 'conditionFailed', label: 'base' }],
      ['committed'],
      ['batch', 4, 0, 0.25],
    ]);
    // "ready", the failure, and everything of the batch together.
    expect(thread.told).toHaveLength(3);
  });

  it('answers what it took before it ends', async () => {
    const { shard, held, hasEnded } = await story();
    const outcome = shard.submit(shop.purchase(shop.member()), false);
    const closed = shard.close();
    expect(await outcome).toEqual(answer('{"nth":0}'));
    await closed;
    expect(held.closed).toBe(true);
    expect(hasEnded()).toBe(true);
  });

  it.each([
    ['an error', (worker: EventEmitter) => worker.emit('error', new Error('out of memory'))],
    ['no word', (worker: EventEmitter) => worker.emit('exit', 1)],
  ])('takes the process with it when it dies with %s', async (_, die) => {
    const { thread } = await story();
    expect(() => die(thread.worker)).toThrow('the thread of a shard ended');
  });

  it.each([
    ['fails', (worker: EventEmitter) => worker.emit('error', new Error('no database')), 'no database'],
    ['ends', (worker: EventEmitter) => worker.emit('exit', 1), 'ended before it began'],
  ])('does not start where the thread %s at once', async (_, die, message) => {
    const worker = new EventEmitter();
    const starting = ThreadedShard.start(worker as unknown as Worker, {} as never);
    die(worker);
    await expect(starting).rejects.toThrow(message);
  });
});
