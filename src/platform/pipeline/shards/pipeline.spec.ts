import { Shop } from '../../../../test/builders/shop.js';
import { UuidV7Source } from '../../ids/uuid-v7-source.js';
import type { Command, Outcome, Target } from '../contract/command.js';
import type { ShardOutcome } from './shard.js';
import { RESTS } from './bulk-pace.js';
import { Pipeline } from './pipeline.js';

const ANSWER: Outcome = { kind: 'answered', status: 201, body: '{}', replayed: false };

/** A shard whose commands wait until the story answers them. */
class HeldShard {
  readonly waiting: {
    readonly command: Command;
    readonly mayForward: boolean;
    answer(): void;
    sendAway(): void;
    fail(): void;
  }[] = [];
  closed = false;

  submit(command: Command, mayForward: boolean): Promise<ShardOutcome> {
    return new Promise((resolve, reject) => {
      this.waiting.push({
        command,
        mayForward,
        answer: () => resolve(ANSWER),
        sendAway: () => resolve({ kind: 'forwarded' }),
        fail: () => reject(new Error('broken')),
      });
    });
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

function story(limit = 2, shards = 1, now?: (clock: { at: number }) => number) {
  const held = Array.from({ length: shards }, () => new HeldShard());
  const outcomes: string[] = [];
  const observer = {
    batch: () => undefined,
    loaded: () => undefined,
    reloaded: () => undefined,
    clockBehind: () => undefined,
    counted: () => undefined,
    failed: () => undefined,
    committed: () => undefined,
    outcome: (_: string, kind: string) => outcomes.push(kind),
  };
  const shop = new Shop();
  const clock = { at: 0 };
  const pipeline = new Pipeline(held, limit, observer, () => now?.(clock) ?? clock.at);
  return { pipeline, held, outcomes, shop, clock, shard: held[0] as HeldShard };
}

/** Lets everything happen that can happen by now. */
async function meanwhile(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

describe('the pipeline', () => {
  it('turns a command away when as many as it takes are under way, and takes the next once one is done', async () => {
    const { pipeline, shard, shop } = story(2);
    const commands = [1, 2, 3].map(() => shop.purchase(shop.member()));
    const [first, second] = commands.map((command) => pipeline.submit(command));
    expect(await pipeline.submit(shop.purchase(shop.member()))).toMatchObject({
      problem: { code: 'OVERLOADED', status: 503 },
    });
    expect(pipeline.depth).toBe(2);
    shard.waiting[0]?.answer();
    expect(await first).toEqual(ANSWER);
    const fourth = pipeline.submit(shop.purchase(shop.member()));
    for (const item of shard.waiting.slice(1)) item.answer();
    expect(await Promise.all([second, fourth])).toEqual([ANSWER, ANSWER]);
    expect(pipeline.depth).toBe(0);
  });

  it('makes room when a command fails, too', async () => {
    const { pipeline, shard, shop } = story(1);
    const failing = pipeline.submit(shop.purchase(shop.member()));
    shard.waiting[0]?.fail();
    await expect(failing).rejects.toThrow('broken');
    expect(pipeline.depth).toBe(0);
  });

  it('takes nothing more once it is closing', async () => {
    const { pipeline, held, shop } = story(1, 2);
    await pipeline.close();
    expect(held.every(({ closed }) => closed)).toBe(true);
    expect(await pipeline.submit(shop.purchase(shop.member()))).toMatchObject({
      problem: { code: 'SHUTTING_DOWN' },
    });
  });

  it('sends everything about one target to one shard, and uses them all', () => {
    const { pipeline, held, shop } = story(1000, 3);
    const members = Array.from({ length: 50 }, () => shop.member());
    for (const member of [...members, ...members]) void pipeline.submit(shop.purchase(member));
    const targets = held.map(({ waiting }) =>
      waiting.map(({ command }) => (command.target as { id: string }).id),
    );
    for (const { memberId } of members) {
      expect(targets.map((ids) => ids.filter((id) => id === memberId).length).sort()).toEqual([0, 0, 2]);
    }
    expect(targets.every((ids) => ids.length > 0)).toBe(true);
  });

  it.each([
    ['purchase', 'pur'],
    ['redemption', 'rdm'],
    ['adjustment', 'adj'],
  ] as const)('sends what names a %s to the shard that made it', (kind, prefix) => {
    const { pipeline, held, shop } = story(1000, 3);
    for (const suffix of [0, 1, 2, 2, 1]) {
      const target: Target = { kind, id: new UuidV7Source({ now: () => 0 }, suffix).next(prefix) };
      void pipeline.submit({ ...shop.purchase(shop.member()), target });
    }
    expect(held.map(({ waiting }) => waiting.length)).toEqual([1, 2, 2]);
  });

  it('sends a command on from shard to shard, and leaves it to the last', async () => {
    const { pipeline, held, shop } = story(10, 3);
    const id = new UuidV7Source({ now: () => 0 }, 1).next('pur');
    const done = pipeline.submit({ ...shop.purchase(shop.member()), target: { kind: 'purchase', id } });
    const way: unknown[] = [];
    for (const shard of [1, 2, 0]) {
      const [here] = held[shard]?.waiting ?? [];
      way.push([shard, here?.mayForward]);
      if (here?.mayForward) here.sendAway();
      else here?.answer();
      await meanwhile();
    }
    expect(way).toEqual([
      [1, true],
      [2, true],
      [0, false],
    ]);
    expect(await done).toEqual(ANSWER);
  });

  it('closes no shard before the last command is answered, for it may have to go to another', async () => {
    const { pipeline, held, shop } = story(10, 2);
    const id = new UuidV7Source({ now: () => 0 }, 0).next('pur');
    const done = pipeline.submit({ ...shop.purchase(shop.member()), target: { kind: 'purchase', id } });
    const closed = pipeline.close();
    held[0]?.waiting[0]?.sendAway();
    await meanwhile();
    expect(held.map(({ closed: isClosed }) => isClosed)).toEqual([false, false]);
    held[1]?.waiting[0]?.answer();
    await closed;
    expect(await done).toEqual(ANSWER);
    expect(held.map(({ closed: isClosed }) => isClosed)).toEqual([true, true]);
  });

  it('reports the outcome of each command', async () => {
    const { pipeline, shard, shop, outcomes } = story();
    const done = pipeline.submit(shop.purchase(shop.member()));
    shard.waiting[0]?.answer();
    await done;
    expect(outcomes).toEqual(['answered']);
  });
});

describe('waiting for room', () => {
  it('is over at once where there is some', async () => {
    await expect(story().pipeline.whenRoom()).resolves.toBeUndefined();
  });

  it('is over when a command is done', async () => {
    const { pipeline, shard, shop } = story(1);
    const first = pipeline.submit(shop.purchase(shop.member()));
    let room = false;
    void pipeline.whenRoom().then(() => (room = true));
    await meanwhile();
    expect(room).toBe(false);
    shard.waiting[0]?.answer();
    await first;
    await meanwhile();
    expect(room).toBe(true);
  });

  it('ends for every waiter while nothing is under way, though the first in the queue sends nothing', async () => {
    // The line that waited first turns out not to be JSON, so no command of it will ever be done.
    const { pipeline, shard, shop } = story(1);
    const only = pipeline.submit(shop.purchase(shop.member()));
    const rooms: string[] = [];
    void pipeline.whenRoom().then(() => rooms.push('first'));
    void pipeline.whenRoom().then(() => rooms.push('second'));
    shard.waiting[0]?.answer();
    await only;
    await meanwhile();
    expect(pipeline.depth).toBe(0);
    expect(rooms).toEqual(['first', 'second']);
  });
});

describe('bulk work', () => {
  it('takes half of the places at most, so single commands find room', async () => {
    const { pipeline, shard, shop } = story(4);
    const bulk = { ...shop.purchase(shop.member()), bulk: true } as const;
    const lines = [pipeline.submit(bulk), pipeline.submit(bulk)];
    let room = false;
    void pipeline.whenRoom().then(() => (room = true));
    await meanwhile();
    expect(room).toBe(false);
    const single = pipeline.submit(shop.purchase(shop.member()));
    for (const waiting of shard.waiting) waiting.answer();
    expect((await single).kind).toBe('answered');
    await Promise.all(lines);
    await meanwhile();
    expect(room).toBe(true);
  });

  it('calls a waiter whose rest ends while the clock is looked at', async () => {
    let step = 0;
    const { pipeline, clock, shard, shop } = story(10, 1, (seen) => (seen.at += step));
    const till = pipeline.submit(shop.purchase(shop.member()));
    const line = pipeline.submit({ ...shop.purchase(shop.member()), bulk: true });
    clock.at = 10;
    for (const item of shard.waiting) item.answer();
    await Promise.all([till, line]);
    // The rest lasts until 10 + 10 * RESTS: the first look comes before, the second at the end.
    clock.at = 10 + 10 * RESTS - 1;
    step = 0.5;
    await expect(pipeline.whenRoom()).resolves.toBeUndefined();
  });

  it('calls waiters when it closes', async () => {
    const { pipeline, shard, shop } = story(2);
    const line = pipeline.submit({ ...shop.purchase(shop.member()), bulk: true });
    const waiter = pipeline.whenRoom();
    const closed = pipeline.close();
    await expect(waiter).resolves.toBeUndefined();
    shard.waiting[0]?.answer();
    await Promise.all([line, closed]);
  });

  it('rests while a till sends, and goes on by itself after the rest', async () => {
    const { pipeline, shard, shop, clock } = story(100);
    const till = pipeline.submit(shop.purchase(shop.member()));
    const line = pipeline.submit({ ...shop.purchase(shop.member()), bulk: true });
    clock.at = 2;
    for (const waiting of shard.waiting) waiting.answer();
    await Promise.all([till, line]);
    let room = false;
    const called = pipeline.whenRoom().then(() => (room = true));
    await meanwhile();
    expect(room).toBe(false);
    clock.at = 2 + 2 * RESTS;
    await called;
  });
});
