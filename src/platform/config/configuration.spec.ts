import { ConfigurationError, parseConfiguration } from './configuration.js';

const CWD = '/srv/laurel';

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    parseConfiguration(env, CWD);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe('parseConfiguration', () => {
  it('needs nothing: every variable has a default', () => {
    expect(parseConfiguration({}, CWD)).toEqual({
      host: '127.0.0.1',
      port: 3000,
      databaseUrl: undefined,
      migrationUrl: undefined,
      dataDir: '/srv/laurel/.laurel',
      demo: undefined,
      bootstrapKey: undefined,
      anchorKey: undefined,
      logLevel: 'info',
      queueLimit: 4096,
      shards: expect.any(Number) as number,
      shardThreads: expect.any(Boolean) as boolean,
      cachedAccounts: 20_000,
      connections: 10_000,
      connectionsPerClient: 1_000,
      poolSize: 12,
    });
  });

  it('wants connections for the shards, the relay, the job and for reading', () => {
    const here = { LAUREL_SHARDS: '2', LAUREL_SHARD_THREADS: 'false' };
    expect(problemsOf({ ...here, LAUREL_POOL_SIZE: '4' })).toEqual([
      'LAUREL_POOL_SIZE must be at least 5: 1 for each shard, and 3 for the relay, the jobs and reading.',
    ]);
    expect(problemsOf({ ...here, LAUREL_POOL_SIZE: '5' })).toEqual([]);
    const threads = { LAUREL_SHARDS: '2', LAUREL_SHARD_THREADS: 'true' };
    expect(problemsOf({ ...threads, LAUREL_POOL_SIZE: '6' })).toEqual([
      'LAUREL_POOL_SIZE must be at least 7: 2 for each shard, and 3 for the relay, the jobs and reading.',
    ]);
    expect(problemsOf({ ...threads, LAUREL_POOL_SIZE: '7' })).toEqual([]);
  });

  it('takes every variable', () => {
    const configuration = parseConfiguration(
      {
        HOST: '0.0.0.0',
        PORT: '0',
        DATABASE_URL: 'postgresql://laurel:secret@db:5432/laurel',
        LAUREL_MIGRATION_URL: 'postgresql://owner:secret@db:5432/laurel',
        LAUREL_DATA_DIR: '/var/lib/elsewhere',
        LAUREL_DEMO: 'false',
        LAUREL_BOOTSTRAP_KEY: 'k'.repeat(32),
        LAUREL_LOG_LEVEL: 'silent',
        LAUREL_QUEUE_LIMIT: '128',
        LAUREL_SHARDS: '3',
        LAUREL_SHARD_THREADS: 'false',
        LAUREL_CACHED_ACCOUNTS: '500',
        LAUREL_CONNECTIONS: '2000',
        LAUREL_CONNECTIONS_PER_CLIENT: '0',
        LAUREL_POOL_SIZE: '20',
      },
      CWD,
    );
    expect(configuration).toEqual({
      host: '0.0.0.0',
      port: 0,
      databaseUrl: 'postgresql://laurel:secret@db:5432/laurel',
      migrationUrl: 'postgresql://owner:secret@db:5432/laurel',
      dataDir: '/var/lib/elsewhere',
      demo: false,
      bootstrapKey: 'k'.repeat(32),
      logLevel: 'silent',
      queueLimit: 128,
      shards: 3,
      shardThreads: false,
      cachedAccounts: 500,
      connections: 2_000,
      connectionsPerClient: 0,
      poolSize: 20,
    });
  });

  it('treats an empty string as unset', () => {
    const empty = { PORT: '', DATABASE_URL: '', LAUREL_DEMO: '', LAUREL_DATA_DIR: '' };
    expect(parseConfiguration(empty, CWD)).toEqual(parseConfiguration({}, CWD));
  });

  it('resolves a relative data folder against the working folder', () => {
    expect(parseConfiguration({ LAUREL_DATA_DIR: 'data' }, CWD).dataDir).toBe('/srv/laurel/data');
  });

  it('is frozen', () => {
    expect(Object.isFrozen(parseConfiguration({}, CWD))).toBe(true);
  });

  it('names every bad variable, one a line', () => {
    const env = { PORT: '70000', LAUREL_DEMO: 'yes', LAUREL_SHARDS: '0', LAUREL_LOG_LEVEL: 'loud' };
    expect(problemsOf(env)).toEqual([
      'PORT must be a whole number from 0 to 65535, but is "70000"',
      'LAUREL_DEMO must be one of true, false, but is "yes"',
      'LAUREL_LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, but is "loud"',
      'LAUREL_SHARDS must be a whole number from 1 to 32, but is "0"',
    ]);
    expect(() => parseConfiguration(env, CWD)).toThrow(/PORT .*\nLAUREL_DEMO /);
  });

  it('refuses the URL of the owner without that of the application, which would be the embedded server', () => {
    expect(problemsOf({ LAUREL_MIGRATION_URL: 'postgres://owner@db/laurel' })).toEqual([
      'LAUREL_MIGRATION_URL needs DATABASE_URL beside it, the URL of the application',
    ]);
  });

  it.each([
    ['LAUREL_LANES', 'LAUREL_SHARDS'],
    ['LAUREL_LANE_THREADS', 'LAUREL_SHARD_THREADS'],
    ['LAUREL_WORKING_SET', 'LAUREL_CACHED_ACCOUNTS'],
  ])('names the new name of %s', (old, name) => {
    expect(problemsOf({ [old]: '1' })).toEqual([`${old} is now ${name}`]);
  });

  it.each(['-1', '1.5', '1e3', ' 1', '0x10', 'NaN', '99999999999'])('refuses PORT=%j', (port) => {
    expect(problemsOf({ PORT: port })).toHaveLength(1);
  });

  it.each(['mysql://db/laurel', 'db:5432', 'postgres', 'postgres://'])(
    'refuses DATABASE_URL=%j without repeating it',
    (url) => {
      expect(problemsOf({ DATABASE_URL: url })).toEqual([
        'DATABASE_URL must be a URL that begins with postgres:// or postgresql://',
      ]);
    },
  );

  it('refuses a short bootstrap key without repeating it', () => {
    expect(problemsOf({ LAUREL_BOOTSTRAP_KEY: 'hunter2' })).toEqual([
      'LAUREL_BOOTSTRAP_KEY must have at least 32 characters, but has 7',
    ]);
  });
});
