import pg from 'pg';
import { targetResolvers } from '../../src/composition.js';
import type { MemberId, ProgrammeId, PurchaseId, RedemptionId } from '../../src/kernel/ids.js';
import { formatInstant } from '../../src/kernel/time.js';
import { contextOf, type CommandContext } from '../../src/platform/http/command-context.js';
import { commandOf } from '../../src/platform/http/command-request.js';
import { UuidV7Source } from '../../src/platform/ids/uuid-v7-source.js';
import type { Command, Outcome, Target } from '../../src/platform/pipeline/index.js';
import { Loader } from '../../src/platform/pipeline/load/loader.js';
import { CachedLoader } from '../../src/platform/pipeline/load/cached-loader.js';
import { ShardWorker } from '../../src/platform/pipeline/shards/shard-worker.js';
import type { ShardConnection } from '../../src/platform/pipeline/sql/connection.js';
import { Writer } from '../../src/platform/pipeline/write/writer.js';
import { ConfigCache } from '../../src/platform/versioned-config/config-cache.js';
import type { ConfigSnapshot } from '../../src/platform/versioned-config/config-snapshot.js';
import { lastVisit, type MemberHistory } from '../../src/tiers/index.js';
import type { ReturnLookup } from '../../src/purchases/return-lookup.query.js';
import { returnCommand } from '../../src/purchases/return-request.js';
import { MovingClock } from '../harness/moving-clock.js';
import { definitionWithPreload } from '../harness/short-preload.js';
import { ConfigurationBuilder } from './configuration.js';
import { loadRequests } from './load-requests.js';
import { purchaseFacts } from './purchase.js';

/** A small preload, so that commands that spend need more rows now and then. */
const definition = definitionWithPreload({ referenced: 1, small: 2, medium: 3, large: 4 });
/** What each load is given, in the order of the slices. */
const PARAMETERS = definition.slices.flatMap((slice) =>
  slice.scope === 'member' ? (slice.parameters ?? []).map(({ name }) => name) : [],
);
export const STORY_START = Date.parse('2026-02-01T12:00:00Z');
const DAY_MS = 86_400_000;

/** A member with sliding points spends with all lots loaded; without such points, with the first two. */
function programme(slides: boolean): ConfigSnapshot {
  const published = new ConfigurationBuilder()
    .policy({ expiry: { type: 'days', days: 20 } })
    .accounting()
    .rule({ limits: [{ period: 'week', points: 25, times: null }] })
    .rule(
      { origin: 'non_purchase', ...(slides && { expiry: { type: 'sliding', months: 1 } as const }) },
      { key: 'slides' },
    )
    .rule({ pending: { type: 'days', days: 3 } }, { key: 'waits' })
    .rule(
      { expiry: { type: 'never' }, limits: [{ period: 'month', points: null, times: 2 }] },
      { key: 'stays' },
    )
    .rule(
      { condition: 'history.purchases("20 days") > 1000 || history.spend("lifetime") < 0' },
      { key: 'knows' },
    )
    .tiers({ window: { type: 'rolling', months: 1 } })
    .build();
  return Object.assign(Object.create(published) as typeof published, { revision: 0 });
}

/** A shard that keeps what it wrote, and a loader that never does. */
export class KeepingStory {
  readonly clock = new MovingClock(STORY_START);
  readonly ids = new UuidV7Source(this.clock);
  private readonly fresh: Loader;
  readonly keeping: CachedLoader;
  fromMemory = 0;
  /** How often what was kept was held against a load. */
  checked = 0;
  /** How many commands met the end of what was loaded. */
  reloaded = 0;
  /** How many returns were carried out. */
  returned = 0;
  private readonly shard: ShardWorker;
  private receipts = 0;
  private holds: RedemptionId[] = [];
  private readonly purchases: PurchaseId[] = [];

  constructor(
    private readonly client: pg.Client,
    private readonly lookup: ReturnLookup,
    private readonly programmeId: ProgrammeId,
    readonly members: readonly MemberId[],
    slides: boolean,
  ) {
    const configs = new ConfigCache({ snapshot: () => Promise.resolve(programme(slides)) });
    this.fresh = new Loader(definition, targetResolvers, configs);
    this.keeping = new CachedLoader(this.fresh, definition, configs, 100);
    this.shard = new ShardWorker({
      connection: {
        client: () => Promise.resolve(client),
        release: () => Promise.resolve(),
      } as unknown as ShardConnection,
      loader: this.keeping,
      writer: new Writer(definition.slices),
      definition,
      clock: this.clock,
      ids: this.ids,
      observer: {
        batch: () => undefined,
        loaded: (kept) => void (this.fromMemory += kept),
        reloaded: (count) => void (this.reloaded += count),
        clockBehind: () => undefined,
        counted: () => undefined,
        failed: (_, error) => {
          throw error;
        },
        committed: () => undefined,
      },
      random: () => 0,
      sleep: () => Promise.resolve(),
    });
  }

  purchase(member: number, daysAgo: number, amountMinor: number, overrides: Partial<Command> = {}): Command {
    this.receipts += 1;
    const occurredAt = this.clock.now() - daysAgo * DAY_MS;
    const facts = purchaseFacts({
      receiptNo: `R-${this.receipts}`,
      source: this.members[0] as string,
      occurredAt,
    });
    const { purchaseId: _, businessDate: __, ...body } = facts;
    const lines = [{ ...body.lines[0], amountMinor }];
    const natural = { scope: 'receipt', key: `${body.source}\n${body.receiptNo}` } as const;
    return {
      ...this.command('purchase.post', this.named(member), { ...body, lines }, natural),
      ...overrides,
    };
  }

  redeem(member: number, points: number): Command {
    const body = { rewardId: null, points, mode: 'authorise', holdSeconds: 7200, externalId: null };
    return this.command('redemption.redeem', this.named(member), body, null);
  }

  /** Uses or gives up the oldest hold; null when there is none. */
  closeHold(type: 'redemption.capture' | 'redemption.void'): Command | null {
    const redemptionId = this.holds.shift();
    if (!redemptionId) return null;
    const body = { redemptionId, points: null };
    return this.command(type, { kind: 'redemption', id: redemptionId }, body, null);
  }

  /** Takes back all that is left of one of the receipts, or a part of it; null where there is none. */
  async giveBack(nth: number, amountMinor: number): Promise<Command | null> {
    const purchaseId = this.purchases[nth % Math.max(1, this.purchases.length)];
    if (!purchaseId) return null;
    this.receipts += 1;
    const part = amountMinor === 0 ? { whole: true } : { lines: [{ lineNo: 1, amountMinor }] };
    const dto = {
      source: this.members[0] as string,
      receiptNo: `B-${this.receipts}`,
      occurredAt: formatInstant(this.clock.now()),
      ...part,
    };
    const lookedUp = await this.lookup.lookUp(this.programmeId, [purchaseId]);
    return returnCommand(dto, purchaseId, lookedUp, this.context());
  }

  async send(...commands: readonly Command[]): Promise<Outcome[]> {
    const outcomes = await Promise.all(commands.map((command) => this.shard.submit(command)));
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.kind !== 'answered' || outcome.replayed) continue;
      const { id } = JSON.parse(outcome.body) as { id: never };
      if (commands[index]?.type === 'redemption.redeem') this.holds.push(id);
      if (commands[index]?.type === 'purchase.post') this.purchases.push(id);
      if (commands[index]?.type === 'purchase.return') this.returned += 1;
    }
    return outcomes;
  }

  /** What the shard would go on from, where it would go on from something, is what a load finds. */
  async check(): Promise<void> {
    for (const index of this.members.keys()) {
      const probe = this.purchase(index, 0, 100);
      const now = this.clock.now();
      const kept = await this.keeping.load(this.client, loadRequests(probe), now);
      const [asked] = kept.commands;
      if (!asked?.cached) continue;
      this.checked += 1;
      const loaded = await this.fresh.load(this.client, loadRequests(probe), now);
      const [mine, theirs] = [kept, loaded].map((batch) => batch.accounts.get(asked.accountId as never));
      expect(mine?.version).toBe(theirs?.version);
      expect(mine?.eventSequence).toBe(theirs?.eventSequence);
      expect(mine?.account).toEqual(theirs?.account);
      // What was kept may reach further back than this load asked for; each of the two has a day of its own.
      const values = theirs?.parameters.get(asked.memberId as MemberId) as readonly string[];
      const from = (name: string) => values[PARAMETERS.indexOf(name)] as string;
      const standing = (entry: typeof mine) => {
        const states = new Map(entry?.members.get(asked.memberId as MemberId));
        for (const [name, key, day] of [
          ['standing', 'days', from('measures_from')],
          ['earningCounters', 'known', from('counters_from')],
        ] as const)
          states.set(name, sinceDay(states.get(name) as object, key, day));
        const { daysFrom, ...rest } = states.get('standing') as { daysFrom: string };
        expect(daysFrom <= from('measures_from')).toBe(true);
        states.set(
          'history',
          recentOf(states.get('history') as MemberHistory, from('history_from'), from('history_day')),
        );
        return states.set('standing', rest);
      };
      expect(standing(mine)).toEqual(standing(theirs));
    }
  }

  private named(member: number): Target {
    return { kind: 'member', id: this.members[member] as MemberId };
  }

  private command(type: string, target: Target, body: object, natural: Command['natural']): Command {
    return commandOf({ type, target, body, natural }, this.context());
  }

  private context(): CommandContext {
    const keyId = this.ids.next('key');
    return contextOf({ programmeId: this.programmeId, keyId, line: keyId, scopes: ['pos'] }, this.ids);
  }
}

/** What both reads of a history have: days since one, receipts since another, and what is known of the time before. */
function recentOf(history: MemberHistory, from: string, day: string): object {
  const { days, receipts, years } = history;
  return {
    years,
    days: new Map([...days].filter(([date]) => date >= from)),
    receipts: receipts.filter((receipt) => receipt.day >= day),
    last: lastVisit(history, { day: from, at: 0, purchaseId: null }),
  };
}

/** A state without the days before the window, of which what was kept may have more. */
function sinceDay(state: object, key: string, from: string): object {
  const kept = (days: ReadonlyMap<string, unknown>) => new Map([...days].filter(([day]) => day >= from));
  const value = (state as Record<string, ReadonlyMap<string, unknown>>)[key] as ReadonlyMap<string, never>;
  const cut =
    key === 'days'
      ? kept(value)
      : new Map(
          [...value].map(([rule, days]) => [rule, kept(days)] as const).filter(([, days]) => days.size > 0),
        );
  return { ...state, [key]: cut };
}
