import type { AccountId } from '../../src/kernel/ids.js';
import { NeedsMoreRows } from '../../src/kernel/needs-more-rows.js';
import { ok } from '../../src/kernel/result.js';
import type { AccountEntry, Batch } from '../../src/platform/pipeline/batch/batch-state.js';
import type { LoadRequest } from '../../src/platform/pipeline/batch/load-request.js';
import type {
  Command,
  Counted,
  CommandHandler,
  Outcome,
  EngineDefinition,
} from '../../src/platform/pipeline/index.js';
import { ShardWorker, type ShardWorkerParts } from '../../src/platform/pipeline/shards/shard-worker.js';
import { MovingClock } from '../harness/moving-clock.js';
import { accountEntry } from './account-entry.js';
import { ConfigurationBuilder } from './configuration.js';
import { NumberedIds, numberedId } from './ids.js';

const PROGRAMME = numberedId('prg', 1);
const config = ConfigurationBuilder.shop().build();

/** Changes its account and says which attempt that was. */
export const touch: CommandHandler = {
  type: 'test.touch',
  needsLazyRows: () => false,
  unknownTarget: () => ({ code: 'NO_SUCH', status: 404, title: '', zhHant: '', detail: '' }),
  unknownCounterparty: () => ({ code: 'NO_SUCH', status: 404, title: '', zhHant: '', detail: '' }),
  naturalConflict: () => ({ code: 'CONFLICT', status: 422, title: '', zhHant: '', detail: '' }),
  decide: (body, work) => {
    work.emit({ type: 'points.expired', data: { lots: [] } });
    return ok({ status: 201, body: body as Record<string, unknown> });
  },
};
/** The same, and its members act on another account afterwards. */
export const move: CommandHandler = { ...touch, type: 'test.move', movesMembers: true };
/** Refuses always. */
export const refuse: CommandHandler = {
  ...touch,
  type: 'test.refuse',
  decide: () => ({ ok: false, refusal: { code: 'NOT_NOW', status: 409, title: '', zhHant: '', detail: '' } }),
};
/** Changes nothing. */
export const look: CommandHandler = {
  ...touch,
  type: 'test.look',
  decide: (body) => ok({ status: 200, body: body as Record<string, unknown> }),
};
/** The same, and those that name an account alike keep their order. */
export const queue: CommandHandler = { ...touch, type: 'test.queue', inOrder: true };
/** Meets the end of what was loaded until it has asked twice. */
export const lack: CommandHandler = {
  ...touch,
  type: 'test.lack',
  decide: (body, work) => {
    const wish = body as { name: string; asked: number };
    wish.asked += 1;
    if (wish.asked <= 2) throw new NeedsMoreRows(work.accountId, 'a lot', 'more');
    return touch.decide(body, work, null);
  },
};
const definition: EngineDefinition = {
  handlers: new Map([touch, move, queue, refuse, look, lack].map((handler) => [handler.type, handler])),
  slices: [],
  reactors: new Map(),
  publicEvents: new Map(),
};

export function command(account: number, name: string, overrides: Partial<Command> = {}): Command {
  return {
    type: touch.type,
    commandId: `evt_${name}`,
    programmeId: PROGRAMME,
    target: { kind: 'account', id: numberedId('acc', account) },
    body: { name },
    natural: null,
    idempotencyKey: null,
    targetFingerprint: '00',
    fingerprint: '00',
    actor: 'test',
    dryRun: false,
    ...overrides,
  };
}

/** A database in a few lines: writes every account, unless the story says otherwise. */
export class FakeDatabase {
  /** The names of the commands of each attempt to write. */
  readonly attempts: string[][] = [];
  /** How many of each attempt are to be decided again. */
  readonly conflicts: number[] = [];
  /** What the shard reported, batches aside. */
  readonly reported: (string | number)[][] = [];
  /** How long the shard waited each time, in milliseconds. */
  readonly slept: number[] = [];
  /** The result of the shard's random source. */
  random = 0;
  /** How long batches took, in seconds. */
  readonly durations: number[] = [];
  /** Until when something is on record of every account. */
  recordedUntil = 0;
  connections = 1;
  readonly evicted: AccountId[] = [];
  /** Accounts whose commands are decided on the cache, until it evicts them. */
  readonly cached = new Set<AccountId>();
  /** How many preload sizes beyond its handler's own each command of each load asked for. */
  readonly demandedSteps: number[] = [];
  /** Names of commands that are never decided from memory. */
  loadsAlways: ReadonlySet<string> = new Set();
  onWrite: (names: readonly string[], accounts: ReadonlySet<AccountId>) => ReadonlySet<AccountId> = (
    _,
    accounts,
  ) => accounts;

  shard(): ShardWorker {
    const parts = {
      connection: {
        client: () => Promise.resolve({}),
        release: () => Promise.resolve((this.connections += 1)),
      },
      loader: {
        load: (_: unknown, requests: readonly LoadRequest[]) => Promise.resolve(this.load(requests)),
        remember: () => undefined,
        evict: (accountId: AccountId) => void this.evicted.push(accountId),
        clear: () => undefined,
      },
      writer: {
        write: (_: unknown, batch: Batch) => Promise.resolve(batch).then((written) => this.write(written)),
      },
      definition: { ...definition, handlers: this.handlers() },
      clock: new MovingClock(0),
      ids: new NumberedIds(),
      observer: {
        batch: (_: number, conflicts: number, seconds: number) => {
          this.conflicts.push(conflicts);
          this.durations.push(seconds);
        },
        loaded: (...figures: number[]) => void this.reported.push(['loaded', ...figures]),
        reloaded: (count: number) => void this.reported.push(['reloaded', count]),
        clockBehind: (...figures: number[]) => void this.reported.push(['clockBehind', ...figures]),
        counted: ({ metric, label }: Counted) => void this.reported.push(['counted', metric, label]),
        failed: (kind: string) => void this.reported.push(['failed', kind]),
        committed: () => void this.reported.push(['committed']),
      },
      random: () => this.random,
      sleep: (milliseconds: number) => {
        this.slept.push(milliseconds);
        return new Promise<void>((resolve) => setImmediate(resolve));
      },
    };
    return new ShardWorker(parts as unknown as ShardWorkerParts);
  }

  private handlers(): EngineDefinition['handlers'] {
    const needsLazyRows = (body: unknown) => this.loadsAlways.has((body as { name: string }).name);
    return new Map([...definition.handlers].map(([type, handler]) => [type, { ...handler, needsLazyRows }]));
  }

  private load(requests: readonly LoadRequest[]): Batch {
    const accounts = new Map<AccountId, AccountEntry>();
    const memberId = numberedId('mbr', 1);
    const { recordedUntil } = this;
    const open = (target: Command['counterparty']) => {
      const { id: accountId } = target as { id: AccountId };
      const members = new Map([[memberId, new Map()]]);
      accounts.set(accountId, accountEntry({ accountId, programmeId: PROGRAMME, members, recordedUntil }));
      return { accountId, memberId };
    };
    const loaded = requests.map(({ command: item, demands }) => {
      const noClaims = { naturalClaim: null, keyClaim: null };
      const counterparty = item.counterparty ? open(item.counterparty) : null;
      const own = open(item.target);
      this.demandedSteps.push(demands?.get(own.accountId)?.steps ?? 0);
      const cached = this.cached.has(own.accountId) && !this.evicted.includes(own.accountId);
      const from = cached && { cached: true as const };
      return { command: item, demands, ...own, counterparty, ...noClaims, ...from };
    });
    return { commands: loaded, accounts, shared: new Map(), configs: new Map([[PROGRAMME, config]]) };
  }

  private write(batch: Batch): ReadonlySet<AccountId> {
    const names = batch.commands.map(({ command: { body } }) => (body as { name: string }).name);
    this.attempts.push(names);
    return this.onWrite(names, new Set(batch.accounts.keys()));
  }
}

export function without(accounts: ReadonlySet<AccountId>, account: number): ReadonlySet<AccountId> {
  return new Set([...accounts].filter((id) => id !== numberedId('acc', account)));
}

export function sqlError(code: string): Error {
  return Object.assign(new Error('from the database'), { code });
}

export const nameOf = (outcome: Outcome): unknown =>
  outcome.kind === 'answered' ? JSON.parse(outcome.body) : outcome.problem.code;
