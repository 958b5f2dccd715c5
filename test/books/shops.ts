import type { ProgrammeId } from '../../src/kernel/ids.js';
import { ApiKeyStore } from '../../src/keys/index.js';
import { SCOPES, type Scope } from '../../src/platform/http/caller.js';
import { ProgrammeStore } from '../../src/programmes/index.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { ApiClient } from '../harness/api-client.js';
import type { TestEngine } from '../harness/engine.js';
import type { MovingClock } from '../harness/moving-clock.js';

/** Where a shop differs from the others. */
export interface Terms {
  readonly currency: string;
  /** Digits of the minor unit. */
  readonly digits: number;
  readonly timeZone: string;
  readonly graceDays: number;
  /** How many days back a receipt may be dated without being posted when it is recorded. */
  readonly receiptDays?: number;
}

export const SHOPS: readonly Terms[] = [
  { currency: 'TWD', digits: 2, timeZone: 'Asia/Taipei', graceDays: 0, receiptDays: 30 },
  { currency: 'JPY', digits: 0, timeZone: 'America/New_York', graceDays: 6 },
  { currency: 'KWD', digits: 3, timeZone: 'UTC', graceDays: 2, receiptDays: 5 },
];

/** One programme with its keys. */
export interface Shop {
  readonly programmeId: ProgrammeId;
  readonly terms: Terms;
  readonly maker: ApiClient;
  /** A key of another line, which approves. */
  readonly checker: ApiClient;
  /** Brings in what an old system had. */
  readonly importer: ApiClient;
  readonly clock: MovingClock;
}

export async function openShop({ engine, url }: TestEngine, clock: MovingClock, terms: Terms): Promise<Shop> {
  const { currency, timeZone } = terms;
  const { programmeId } = await engine.app.get(ProgrammeStore).create({ name: currency, currency, timeZone });
  const keys = engine.app.get(ApiKeyStore);
  // A key that imports is not bound by the bounds of the policy.
  const bound = SCOPES.filter((scope) => scope !== 'import');
  const client = async (scopes: readonly Scope[], second: ApiClient | null = null) => {
    const { key } = await keys.create({ programmeId, name: 'test', scopes }, 'test');
    return new ApiClient(url, key, second);
  };
  const [checker, importer] = [await client(bound), await client(['import'])];
  const maker = await client(bound, checker);
  await publish(maker, terms);
  return { programmeId, terms, maker, checker, importer, clock };
}

async function publish(api: ApiClient, { graceDays, receiptDays, currency }: Terms): Promise<void> {
  const programme = new ProgrammeBuilder(api);
  await programme.policy({
    ...{ expiry: { type: 'days', days: 40 }, pointsOffBasket: { minorPerPoint: 100 }, booksFrom: '2026-01' },
    ...{ transfers: { expiry: 'keep', minimumPoints: 1 }, closing: { graceDays } },
    ...(receiptDays === undefined ? {} : { backdating: { receiptDays } }),
    ...(currency === 'KWD' ? { correctionPolicy: 'forgive' } : {}),
  });
  await programme.accounting();
  const lines = (category: string) => ({ includeCategories: [category] });
  await programme.rule('goods', { lines: { excludeCategories: ['ordered', 'club', 'short'] } });
  const pending = { type: 'event', event: 'delivered', thenDays: 3, cancelAfterDays: 25 };
  await programme.rule('ordered', { lines: lines('ordered'), pending });
  await programme.rule('club', { lines: lines('club'), expiry: { type: 'sliding', days: 30 } });
  await programme.rule('short', {
    ...{ lines: lines('short'), expiry: { type: 'days', days: 7 }, pending: { type: 'days', days: 2 } },
  });
  await programme.rule('spree', {
    amount: { type: 'basketBonus', points: 37, minimumMinor: 0 },
    condition: 'receipt.amountMinor >= 60000 && time.weekday != 3',
  });
  await programme.rule('card', {
    amount: { type: 'perUnit', points: 5, perQuantity: '1' },
    lines: { ...lines('spree'), condition: 'line.amountMinor > 20000' },
  });
  await programme.tiers();
  await programme.adjustmentReason('gift', { approvalAbove: 120 });
  await programme.adjustmentReason('apology', { direction: 'credit', origin: 'sale_compensation' });
  await programme.adjustmentReason('breach', { direction: 'debit' });
  await programme.adjustmentReason('checked', { direction: 'debit', approvalAbove: 5 });
}
