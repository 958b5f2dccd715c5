import {
  move,
  refuse,
  lack,
  look,
  queue,
  command,
  FakeDatabase,
  without,
  sqlError,
  nameOf,
} from '../../../../test/builders/fake-database.js';
import { numberedId } from '../../../../test/builders/ids.js';
import type { Outcome } from '../contract/command.js';
import { MAX_BATCH, MAX_BULK_BESIDE_SINGLES } from './shard-worker.js';
import { MAX_CONFLICTS } from './retry-policy.js';

describe('what a shard reports', () => {
  it('is how many commands were loaded or cached, and that something was written', async () => {
    const database = new FakeDatabase();
    const shard = database.shard();
    database.cached.add(numberedId('acc', 1));
    await Promise.all(['a', 'b', 'c'].map((name, index) => shard.submit(command(index + 1, name))));
    expect(database.reported).toEqual([['loaded', 1, 2], ['committed']]);
  });

  it('is nothing of writing where nothing was written', async () => {
    const database = new FakeDatabase();
    database.onWrite = () => new Set();
    await database.shard().submit(command(1, 'a', { type: look.type }));
    expect(database.reported).toEqual([['loaded', 0, 1]]);
  });

  it.each([
    ['held', 60_000, 1, 0],
    ['refused', 60_001, 0, 1],
  ])('is how many commands a clock that is behind %s', async (_, recordedUntil, held, refused) => {
    const database = new FakeDatabase();
    database.recordedUntil = recordedUntil;
    await database.shard().submit(command(1, 'a'));
    expect(database.reported).toContainEqual(['clockBehind', held, refused]);
  });

  it('is how many commands are decided again with more loaded, each time', async () => {
    const database = new FakeDatabase();
    const wish = command(1, 'a', { type: lack.type, body: { name: 'a', asked: 0 } });
    await database.shard().submit(wish);
    expect(database.reported).toEqual([
      ['loaded', 0, 1],
      ['reloaded', 1],
      ['committed'],
      ['loaded', 0, 1],
      ['reloaded', 1],
      ['committed'],
      ['loaded', 0, 1],
      ['committed'],
    ]);
    expect(database.demandedSteps).toEqual([0, 1, 2]);
    expect(database.slept).toEqual([]);
  });

  it('is how long a batch took, in seconds', async () => {
    const database = new FakeDatabase();
    await database.shard().submit(command(1, 'a'));
    const [seconds = -1] = database.durations;
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(10);
  });

  it('is what kind of error a batch met', async () => {
    const database = new FakeDatabase();
    let failures = 0;
    database.onWrite = (_, accounts) => {
      failures += 1;
      if (failures === 1) throw sqlError('23505');
      return accounts;
    };
    await database.shard().submit(command(1, 'a'));
    expect(database.reported).toEqual([
      ['loaded', 0, 1],
      ['failed', 'race'],
      ['loaded', 0, 1],
      ['committed'],
    ]);
  });
});

describe('a shard', () => {
  it('gathers what arrives together into one batch', async () => {
    const database = new FakeDatabase();
    const shard = database.shard();
    const outcomes = await Promise.all(
      ['a', 'b', 'c'].map((name, index) => shard.submit(command(index + 1, name))),
    );
    expect(database.attempts).toEqual([['a', 'b', 'c']]);
    expect(outcomes.map(nameOf)).toEqual([{ name: 'a' }, { name: 'b' }, { name: 'c' }]);
  });

  it('puts no more into one than a statement carries', async () => {
    const database = new FakeDatabase();
    const shard = database.shard();
    await Promise.all(
      Array.from({ length: MAX_BATCH + 1 }, (_, index) => shard.submit(command(index + 1, `${index}`))),
    );
    expect(database.attempts.map(({ length }) => length)).toEqual([MAX_BATCH, 1]);
  });

  it('gathers what arrives while a batch is written into the next', async () => {
    const database = new FakeDatabase();
    const shard = database.shard();
    const later: Promise<Outcome>[] = [];
    database.onWrite = (names, accounts) => {
      if (names[0] === 'a') later.push(shard.submit(command(1, 'b')), shard.submit(command(2, 'c')));
      return accounts;
    };
    await shard.submit(command(1, 'a'));
    await Promise.all(later);
    expect(database.attempts).toEqual([['a'], ['b', 'c']]);
  });

  it('takes single commands before bulk ones, and few of these beside them', async () => {
    const database = new FakeDatabase();
    const shard = database.shard();
    const bulk = Array.from({ length: MAX_BATCH }, (_, index) =>
      shard.submit(command(index + 1, `line ${index}`, { bulk: true })),
    );
    const single = shard.submit(command(1, 'till'));
    await Promise.all([...bulk, single]);
    const [first = []] = database.attempts;
    expect(first[0]).toBe('till');
    expect(first).toHaveLength(1 + MAX_BULK_BESIDE_SINGLES);
    const lines = database.attempts.flat().filter((name) => name !== 'till');
    expect(lines).toEqual(Array.from({ length: MAX_BATCH }, (_, index) => `line ${index}`));
  });

  it('fills whole batches with bulk commands while no others come', async () => {
    const database = new FakeDatabase();
    const shard = database.shard();
    await Promise.all(
      Array.from({ length: MAX_BATCH + 1 }, (_, index) =>
        shard.submit(command(index + 1, `${index}`, { bulk: true })),
      ),
    );
    expect(database.attempts.map(({ length }) => length)).toEqual([MAX_BATCH, 1]);
  });

  it('takes few bulk commands at a time so long as a single one was there just now', async () => {
    const database = new FakeDatabase();
    const shard = database.shard();
    await shard.submit(command(1, 'till'));
    const lines = Array.from({ length: MAX_BULK_BESIDE_SINGLES + 1 }, (_, index) =>
      shard.submit(command(index + 1, `${index}`, { bulk: true })),
    );
    await Promise.all(lines);
    expect(database.attempts.map(({ length }) => length)).toEqual([1, MAX_BULK_BESIDE_SINGLES, 1]);
  });

  it('takes no bulk commands beside as many single ones as a statement carries', async () => {
    const database = new FakeDatabase();
    const shard = database.shard();
    const bulk = shard.submit(command(1, 'line', { bulk: true }));
    const singles = Array.from({ length: MAX_BATCH }, (_, index) => shard.submit(command(index + 1, 'till')));
    await Promise.all([bulk, ...singles]);
    expect(database.attempts.map(({ length }) => length)).toEqual([MAX_BATCH, 1]);
  });

  it('decides bulk commands again in their order, behind single ones', async () => {
    const database = new FakeDatabase();
    const shard = database.shard();
    const later: Promise<Outcome>[] = [];
    database.onWrite = (_, accounts) => {
      if (database.attempts.length > 1) return accounts;
      later.push(shard.submit(command(3, 'till')));
      return without(accounts, 1);
    };
    const lines = ['a', 'b', 'c'].map((name) => shard.submit(command(1, name, { bulk: true })));
    await Promise.all(lines);
    await Promise.all(later);
    expect(database.attempts).toEqual([
      ['a', 'b', 'c'],
      ['till', 'a', 'b', 'c'],
    ]);
  });

  it('is drained when everything it took is answered', async () => {
    const shard = new FakeDatabase().shard();
    let answered = false;
    void shard.submit(command(1, 'a')).then(() => (answered = true));
    await shard.drained();
    expect(answered).toBe(true);
    await expect(shard.drained()).resolves.toBeUndefined();
  });

  it('that is closed answers what it took, and lets go of its connection', async () => {
    const database = new FakeDatabase();
    const shard = database.shard();
    const taken = shard.submit(command(1, 'a'));
    await shard.close();
    expect([database.attempts, database.connections]).toEqual([[['a']], 2]);
    expect(nameOf(await taken)).toEqual({ name: 'a' });
  });
});

describe('an account that changed meanwhile', () => {
  it('costs its own commands another decision, in their order, and no others', async () => {
    const database = new FakeDatabase();
    database.onWrite = (_, accounts) => (database.attempts.length === 1 ? without(accounts, 1) : accounts);
    const shard = database.shard();
    const all = [shard.submit(command(1, 'a')), shard.submit(command(2, 'b')), shard.submit(command(1, 'c'))];
    expect((await Promise.all(all)).map(nameOf)).toEqual([{ name: 'a' }, { name: 'b' }, { name: 'c' }]);
    expect(database.attempts).toEqual([
      ['a', 'b', 'c'],
      ['a', 'c'],
    ]);
  });

  it('forwards commands that must be loaded and may be forwarded, and decides the others and ordered ones again', async () => {
    const database = new FakeDatabase();
    database.loadsAlways = new Set(['a', 'b', 'd']);
    database.onWrite = (_, accounts) => (database.attempts.length === 1 ? new Set() : accounts);
    const shard = database.shard();
    const outcomes = await Promise.all([
      shard.submit(command(1, 'a'), true),
      shard.submit(command(1, 'b'), false),
      shard.submit(command(1, 'c'), true),
      shard.submit(command(1, 'd', { type: queue.type }), true),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['forwarded', 'answered', 'answered', 'answered']);
    expect(database.attempts).toEqual([
      ['a', 'b', 'c', 'd'],
      ['b', 'c', 'd'],
    ]);
    expect(database.conflicts).toEqual([4, 0]);
  });

  it('keeps a command that may not be forwarded', async () => {
    const database = new FakeDatabase();
    database.loadsAlways = new Set(['a']);
    database.onWrite = (_, accounts) => (database.attempts.length === 1 ? new Set() : accounts);
    expect(nameOf(await database.shard().submit(command(1, 'a')))).toEqual({ name: 'a' });
  });

  it('again and again is given up at last, with a problem that asks for a retry', async () => {
    const database = new FakeDatabase();
    database.onWrite = () => new Set();
    const shard = database.shard();
    const outcome = await shard.submit(command(1, 'a'));
    const detail = expect.stringContaining(`${MAX_CONFLICTS} times`) as string;
    expect(outcome).toMatchObject({ kind: 'refused', problem: { code: 'CONTENDED', status: 503, detail } });
    await shard.drained();
    expect(database.attempts).toHaveLength(MAX_CONFLICTS + 1);
  });

  it('is waited for, each time up to twice as long, up to a bound', async () => {
    const database = new FakeDatabase();
    database.random = 0.5;
    // Of two commands the one that was outrun more often says how long.
    database.onWrite = (names) => new Set(names.includes('b') ? [] : [numberedId('acc', 1)]);
    const shard = database.shard();
    const first = shard.submit(command(2, 'b'));
    await new Promise<void>((resolve) => setImmediate(resolve));
    await Promise.all([first, shard.submit(command(1, 'a'))]);
    expect(database.slept.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 32, 32]);
  });

  it('covers both accounts of a command on two, and later commands on either', async () => {
    const database = new FakeDatabase();
    database.onWrite = (_, accounts) => (database.attempts.length === 1 ? without(accounts, 2) : accounts);
    const shard = database.shard();
    const counterparty = { kind: 'account', id: numberedId('acc', 2) } as const;
    await Promise.all([
      shard.submit(command(1, 'both', { counterparty })),
      shard.submit(command(2, 'follower')),
      shard.submit(command(3, 'other')),
    ]);
    expect(database.attempts[1]).toEqual(['both', 'follower']);
  });

  it('is looked up again for commands that come after one that moved its members, without counting', async () => {
    const database = new FakeDatabase();
    const shard = database.shard();
    const moving = { type: move.type };
    const all = Array.from({ length: MAX_CONFLICTS + 2 }, (_, index) =>
      shard.submit(command(1, `${index}`, moving)),
    );
    const outcomes = await Promise.all([...all, shard.submit(command(2, 'other'))]);
    expect(outcomes.every(({ kind }) => kind === 'answered')).toBe(true);
    const counts = database.attempts.map(({ length }) => length);
    expect(counts).toEqual(all.map((_, index) => all.length - index + (index === 0 ? 1 : 0)));
  });

  it('takes a replay that rested on its unwritten claim along', async () => {
    const database = new FakeDatabase();
    database.onWrite = (_, accounts) => (database.attempts.length === 1 ? without(accounts, 1) : accounts);
    const shard = database.shard();
    const natural = { scope: 'receipt', key: 'R-1' } as const;
    await Promise.all([
      shard.submit(command(1, 'first', { natural })),
      shard.submit(command(2, 'replay', { natural })),
      shard.submit(command(3, 'other')),
    ]);
    expect(database.attempts[1]).toEqual(['first', 'replay']);
  });
});

describe('a command that was decided on a cached account', () => {
  it.each([
    ['a refusal', refuse.type, 'NOT_NOW'],
    ['an answer that writes nothing', look.type, { name: 'a' }],
  ])('is decided again on a fresh load before %s is answered', async (_, type, answer) => {
    const database = new FakeDatabase();
    database.cached.add(numberedId('acc', 1));
    const outcome = await database.shard().submit(command(1, 'a', { type }));
    // The first attempt proves nothing: its account may have changed since, and no write has compared versions.
    expect(database.attempts).toEqual([['a'], ['a']]);
    expect(database.evicted).toEqual([numberedId('acc', 1)]);
    expect(nameOf(outcome)).toEqual(answer);
  });

  it('is decided again when it is refused, though a neighbour wrote the account: its claims were not looked up', async () => {
    const database = new FakeDatabase();
    database.cached.add(numberedId('acc', 1));
    const shard = database.shard();
    const all = [shard.submit(command(1, 'a')), shard.submit(command(1, 'b', { type: refuse.type }))];
    expect((await Promise.all(all)).map(nameOf)).toEqual([{ name: 'a' }, 'NOT_NOW']);
    expect(database.attempts).toEqual([['a', 'b'], ['b']]);
  });

  it('is answered at once where its account was written', async () => {
    const database = new FakeDatabase();
    database.cached.add(numberedId('acc', 1));
    await database.shard().submit(command(1, 'a'));
    expect(database.attempts).toEqual([['a']]);
    expect(database.evicted).toEqual([]);
  });

  it('is decided again where its account was not written', async () => {
    const database = new FakeDatabase();
    database.cached.add(numberedId('acc', 1));
    database.onWrite = (_, accounts) => (database.attempts.length === 1 ? without(accounts, 1) : accounts);
    await database.shard().submit(command(1, 'a'));
    expect(database.attempts).toEqual([['a'], ['a']]);
    expect(database.evicted).toEqual([numberedId('acc', 1)]);
  });
});
