import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import type { KeyObject } from 'node:crypto';
import { SHARD_SUFFIXES } from '../../kernel/ids.js';
import { parsePrivateKey } from '../signing/ed25519.js';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Everything the environment may decide about this process. Read once at the start, frozen ever after. */
export interface Configuration {
  /** Address the HTTP server listens on (HOST). */
  readonly host: string;
  /** TCP port of the HTTP server; 0 asks the system for any free one (PORT). */
  readonly port: number;
  /** The PostgreSQL to use; undefined means the embedded server (DATABASE_URL). */
  readonly databaseUrl: string | undefined;
  /** The same database as its owner, for migrations; undefined: as the user of `databaseUrl` (LAUREL_MIGRATION_URL). */
  readonly migrationUrl: string | undefined;
  /** Absolute folder of the embedded server's data and of generated secrets (LAUREL_DATA_DIR). */
  readonly dataDir: string;
  /** Load the demonstration data? Undefined: only into an empty embedded database (LAUREL_DEMO). */
  readonly demo: boolean | undefined;
  /** The first administrator's API key; undefined means one is generated (LAUREL_BOOTSTRAP_KEY). */
  readonly bootstrapKey: string | undefined;
  /** The Ed25519 key that signs anchors; undefined means that of the data folder (LAUREL_ANCHOR_KEY). */
  readonly anchorKey: KeyObject | undefined;
  readonly logLevel: LogLevel;
  /** Commands that may be waiting or under way in this process; more are refused with 503 (LAUREL_QUEUE_LIMIT). */
  readonly queueLimit: number;
  /** Pipeline shards, 1 to 32, for each has an id suffix of its own; two, or one on a machine with one processor (LAUREL_SHARDS). */
  readonly shards: number;
  /** Whether each shard has a thread of its own; where there is more than one processor (LAUREL_SHARD_THREADS). */
  readonly shardThreads: boolean;
  /** Accounts that each shard caches after it wrote them; 0 caches none (LAUREL_CACHED_ACCOUNTS). */
  readonly cachedAccounts: number;
  /** HTTP connections of this process (LAUREL_CONNECTIONS). */
  readonly connections: number;
  /** HTTP connections from one address; 0 sets no bound, for a proxy has one address (LAUREL_CONNECTIONS_PER_CLIENT). */
  readonly connectionsPerClient: number;
  /** Database connections this process may hold (LAUREL_POOL_SIZE). */
  readonly poolSize: number;
}

/** Thrown when the environment is wrong. The message has one line for every bad variable. */
export class ConfigurationError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigurationError';
  }
}

const BOOTSTRAP_KEY_MIN_LENGTH = 32;
/** One on which the leader locks are held, one for the job that works, and one more to read with. */
const BACKGROUND_CONNECTIONS = 3;
/** What the thread of a shard holds: the shard's own connection, and one to read configuration with. */
export const CONNECTIONS_PER_SHARD_THREAD = 2;
/** About 100 MB where members have a year of history (docs/performance.md). */
export const DEFAULT_CACHED_ACCOUNTS = 20_000;
export const DEFAULT_CONNECTIONS = 10_000;
export const DEFAULT_CONNECTIONS_PER_CLIENT = 1_000;
const PORT_MAX = 65_535;
/** Variables by their former names. */
const RENAMED = {
  LAUREL_LANES: 'LAUREL_SHARDS',
  LAUREL_LANE_THREADS: 'LAUREL_SHARD_THREADS',
  LAUREL_WORKING_SET: 'LAUREL_CACHED_ACCOUNTS',
} as const;
/** Past this a number is a typing mistake; a limit on everything keeps it from becoming an outage. */
const COUNT_MAX = 1_000_000;

/**
 * Reads the environment into a frozen `Configuration`.
 *
 * An empty string counts as unset, because that is what `VAR= command` and compose files produce.
 * All mistakes are collected, so that an operator repairs them in one go.
 *
 * @param cwd the folder that relative paths and the default data folder are resolved against
 * @throws ConfigurationError naming every bad variable; it never repeats a secret's value
 */
export function parseConfiguration(env: NodeJS.ProcessEnv, cwd: string): Configuration {
  const read = new EnvironmentReader(env);
  const configuration: Configuration = {
    host: read.text('HOST') ?? '127.0.0.1',
    port: read.integer('PORT', 0, PORT_MAX) ?? 3000,
    databaseUrl: read.databaseUrl('DATABASE_URL'),
    migrationUrl: read.databaseUrl('LAUREL_MIGRATION_URL'),
    dataDir: resolve(cwd, read.text('LAUREL_DATA_DIR') ?? join(cwd, '.laurel')),
    demo: read.boolean('LAUREL_DEMO'),
    bootstrapKey: read.secret('LAUREL_BOOTSTRAP_KEY', BOOTSTRAP_KEY_MIN_LENGTH),
    anchorKey: read.signingKey('LAUREL_ANCHOR_KEY'),
    logLevel: read.oneOf('LAUREL_LOG_LEVEL', LOG_LEVELS) ?? 'info',
    queueLimit: read.integer('LAUREL_QUEUE_LIMIT', 1, COUNT_MAX) ?? 4096,
    shards: read.integer('LAUREL_SHARDS', 1, SHARD_SUFFIXES) ?? defaultShards(),
    shardThreads: read.boolean('LAUREL_SHARD_THREADS') ?? availableParallelism() > 1,
    cachedAccounts: read.integer('LAUREL_CACHED_ACCOUNTS', 0, COUNT_MAX) ?? DEFAULT_CACHED_ACCOUNTS,
    connections: read.integer('LAUREL_CONNECTIONS', 1, COUNT_MAX) ?? DEFAULT_CONNECTIONS,
    connectionsPerClient:
      read.integer('LAUREL_CONNECTIONS_PER_CLIENT', 0, COUNT_MAX) ?? DEFAULT_CONNECTIONS_PER_CLIENT,
    poolSize: read.integer('LAUREL_POOL_SIZE', 1, COUNT_MAX) ?? 12,
  };
  const ofShard = configuration.shardThreads ? CONNECTIONS_PER_SHARD_THREAD : 1;
  const least = configuration.shards * ofShard + BACKGROUND_CONNECTIONS;
  if (configuration.poolSize < least) {
    read.problems.push(
      `LAUREL_POOL_SIZE must be at least ${least}: ${ofShard} for each shard, and ${BACKGROUND_CONNECTIONS} for the relay, the jobs and reading.`,
    );
  }
  read.refuseOldNames();
  if (read.text('LAUREL_MIGRATION_URL') !== undefined && read.text('DATABASE_URL') === undefined) {
    read.problems.push('LAUREL_MIGRATION_URL needs DATABASE_URL beside it, the URL of the application');
  }
  if (read.problems.length > 0) throw new ConfigurationError(read.problems);
  return Object.freeze(configuration);
}

function defaultShards(): number {
  return availableParallelism() < 2 ? 1 : 2;
}

/** Reads variables one by one and notes what is wrong with them instead of throwing at the first. */
class EnvironmentReader {
  readonly problems: string[] = [];

  constructor(private readonly env: NodeJS.ProcessEnv) {}

  text(name: string): string | undefined {
    const value = this.env[name];
    return value === undefined || value === '' ? undefined : value;
  }

  /** A variable that was silently ignored would change how the process works. */
  refuseOldNames(): void {
    for (const [old, name] of Object.entries(RENAMED))
      if (this.text(old) !== undefined) this.problems.push(`${old} is now ${name}`);
  }

  integer(name: string, min: number, max: number): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
    if (number >= min && number <= max) return number;
    return this.reject(name, `must be a whole number from ${min} to ${max}, but is "${value}"`);
  }

  boolean(name: string): boolean | undefined {
    const value = this.oneOf(name, ['true', 'false'] as const);
    return value === undefined ? undefined : value === 'true';
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = allowed.find((candidate) => candidate === value);
    return found ?? this.reject(name, `must be one of ${allowed.join(', ')}, but is "${value}"`);
  }

  secret(name: string, minLength: number): string | undefined {
    const value = this.text(name);
    if (value === undefined || value.length >= minLength) return value;
    return this.reject(name, `must have at least ${minLength} characters, but has ${value.length}`);
  }

  signingKey(name: string): KeyObject | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    try {
      return parsePrivateKey(value);
    } catch {
      return this.reject(name, 'must be an Ed25519 private key: PEM, or the base64 of its PKCS #8');
    }
  }

  /** The URL's text is never repeated in the message: it usually carries a password. */
  databaseUrl(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (/^postgres(ql)?:\/\/\S+$/.test(value)) return value;
    return this.reject(name, 'must be a URL that begins with postgres:// or postgresql://');
  }

  private reject(name: string, problem: string): undefined {
    this.problems.push(`${name} ${problem}`);
    return undefined;
  }
}
