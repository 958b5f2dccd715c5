import { command, FakeDatabase, sqlError, nameOf } from '../../../../test/builders/fake-database.js';
import { RECONNECT_PAUSE_MS } from './shard-worker.js';
import { MAX_RACES, MAX_RECONNECTS, MAX_UNAVAILABLE } from './retry-policy.js';

describe('an error of the database', () => {
  it.each(['23505', '40001', '40P01'])('%s: the whole batch is loaded and decided again', async (code) => {
    const database = new FakeDatabase();
    database.onWrite = (_, accounts) => {
      if (database.attempts.length === 1) throw sqlError(code);
      return accounts;
    };
    const shard = database.shard();
    const outcomes = await Promise.all([shard.submit(command(1, 'a')), shard.submit(command(2, 'b'))]);
    expect(outcomes.map(nameOf)).toEqual([{ name: 'a' }, { name: 'b' }]);
    expect(database.attempts).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it('that never ends for one command fails that command alone', async () => {
    const database = new FakeDatabase();
    database.onWrite = (names, accounts) => {
      if (names.includes('bad')) throw sqlError('22003');
      return accounts;
    };
    const shard = database.shard();
    const names = ['a', 'b', 'bad', 'c', 'd'];
    const results = await Promise.allSettled(
      names.map((name, index) => shard.submit(command(index + 1, name))),
    );
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    // The batch, its halves, and what is left of them: nothing is tried twice that cannot succeed.
    expect(database.attempts).toEqual([
      ['a', 'b', 'bad', 'c', 'd'],
      ['a', 'b'],
      ['bad', 'c', 'd'],
      ['bad'],
      ['c', 'd'],
    ]);
  });

  it.each(['40001', '40P01'])('%s that never ends is answered as contention', async (code) => {
    const database = new FakeDatabase();
    database.onWrite = () => {
      throw sqlError(code);
    };
    const outcome = await database.shard().submit(command(1, 'a'));
    const detail = 'The account is being updated concurrently; try again.';
    expect(outcome).toMatchObject({ kind: 'refused', problem: { code: 'CONTENDED', status: 503, detail } });
    expect(database.attempts).toHaveLength(MAX_RACES + 1);
  });

  it('of a statement that takes too long is retried with fewer commands, and answered where one alone is too slow', async () => {
    const database = new FakeDatabase();
    database.onWrite = (names, accounts) => {
      if (names.length > 2 || names.includes('slow')) throw sqlError('57014');
      return accounts;
    };
    const shard = database.shard();
    const names = ['a', 'b', 'c', 'slow'];
    const outcomes = await Promise.all(names.map((name, index) => shard.submit(command(index + 1, name))));
    expect(outcomes.map(nameOf)).toEqual([
      { name: 'a' },
      { name: 'b' },
      { name: 'c' },
      'DATABASE_UNAVAILABLE',
    ]);
  });

  it('of a race is not tried again for ever', async () => {
    const database = new FakeDatabase();
    database.onWrite = () => {
      throw sqlError('23505');
    };
    await expect(database.shard().submit(command(1, 'a'))).rejects.toThrow('from the database');
    expect(database.attempts).toHaveLength(MAX_RACES + 1);
  });

  it('that cost the connection is tried again on a new one, with the same command', async () => {
    const database = new FakeDatabase();
    database.onWrite = (_, accounts) => {
      if (database.attempts.length === 1) throw sqlError('57P01');
      return accounts;
    };
    expect(nameOf(await database.shard().submit(command(1, 'a')))).toEqual({ name: 'a' });
    expect(database.connections).toBe(2);
    expect(database.attempts).toEqual([['a'], ['a']]);
  });

  it.each([
    ['a lost connection', '57P01', MAX_RECONNECTS, 'The database did not answer; try again.'],
    ['a full disk', '53100', MAX_UNAVAILABLE, 'The database cannot do this now; try again.'],
    ['a standby', '25006', MAX_UNAVAILABLE, 'The database cannot do this now; try again.'],
  ])(
    'that lasts, %s, is told everybody who waits, after tries on new connections',
    async (_, code, most, detail) => {
      const database = new FakeDatabase();
      database.onWrite = () => {
        throw sqlError(code);
      };
      const shard = database.shard();
      const outcomes = await Promise.all([shard.submit(command(1, 'a')), shard.submit(command(2, 'b'))]);
      const refused = { kind: 'refused', problem: { code: 'DATABASE_UNAVAILABLE', status: 503, detail } };
      expect(outcomes).toMatchObject([refused, refused]);
      expect(database.attempts).toHaveLength(most + 1);
      expect(database.connections).toBe(most + 1);
      expect(database.slept).toEqual(Array.from({ length: most }, () => RECONNECT_PAUSE_MS));
      expect(database.reported.filter(([what]) => what === 'failed')).toHaveLength(most + 1);
    },
  );

  it('leaves the shard working for later commands', async () => {
    const database = new FakeDatabase();
    database.onWrite = (names, accounts) => {
      if (names.includes('bad')) throw sqlError('22003');
      return accounts;
    };
    const shard = database.shard();
    await expect(shard.submit(command(1, 'bad'))).rejects.toThrow();
    expect(nameOf(await shard.submit(command(1, 'good')))).toEqual({ name: 'good' });
  });
});
