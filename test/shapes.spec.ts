import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { ledgerSlice } from '../src/ledger/index.js';
import type { AccountSlice, MemberSlice } from '../src/platform/pipeline/index.js';
import { ConfigurationBuilder } from './builders/configuration.js';
import { perSpend } from './builders/earning-rule.js';
import { Shop, type Person } from './builders/shop.js';

type KeptSlice = AccountSlice<unknown> | MemberSlice<unknown>;

setFlagsFromString('--allow-natives-syntax');
/** Whether two objects have one hidden class, which V8 calls a map. */
const haveOneShape = runInThisContext('(a, b) => %HaveSameMap(a, b)') as (a: unknown, b: unknown) => boolean;
// A function is compiled when it is first called.
haveOneShape({}, {});
setFlagsFromString('--no-allow-natives-syntax');

/** How many shapes V8 remembers for one access (`kMaxPolymorphicMapCount`); with one more it begins to search. */
const MOST_SHAPES = 4;
const RECEIPTS = 60;

function shapesOf(objects: readonly unknown[]): number {
  const different: unknown[] = [];
  for (const one of objects) if (!different.some((other) => haveOneShape(one, other))) different.push(one);
  return different.length;
}

/** Records receipts one after the other and keeps what each leaves, as a shard does. */
function record(shop: Shop, member: Person, slices: readonly KeptSlice[]) {
  const states = new Map<string, unknown[]>(slices.map(({ name }) => [name, []]));
  const claims: unknown[] = [];
  const movements: unknown[] = [];
  for (let count = 0; count < RECEIPTS; count += 1) {
    claims.push(...shop.decide(shop.purchase(member)).newClaims);
    movements.push(...shop.ledger(member).movements);
    for (const slice of slices) {
      const of = states.get(slice.name) as unknown[];
      of.push(shop.keep(member, slice), shop.keep(member, slice));
    }
  }
  return { states, claims, movements };
}

/**
 * A state that is spread into the next one, and that into the next, is of one more hidden class each time, and soon no
 * access to it is cached any more (`kernel/draft.ts`). Nobody would notice but the clock.
 */
describe('what receipts leave is of few shapes, however many there were:', () => {
  const config = ConfigurationBuilder.shop()
    .rule({
      name: 'Daily',
      amount: perSpend(),
      limits: [{ period: 'day', points: 500, times: null }],
    })
    .rule(
      { name: 'Welcome', amount: perSpend({ stepMinor: 5_000 }), origin: 'non_purchase' },
      { key: 'welcome' },
    );
  const shop = new Shop(config);
  const slices = shop.rules.slices.filter((slice): slice is KeptSlice => slice.scope !== 'shared');
  const { states, claims, movements } = record(shop, shop.member(), slices);

  it.each(slices)('the state of $name', ({ name }) => {
    expect(shapesOf(states.get(name) as unknown[])).toBeLessThanOrEqual(MOST_SHAPES);
  });

  it('movements', () => {
    expect(movements).toHaveLength(2 * RECEIPTS);
    expect(shapesOf(movements)).toBeLessThanOrEqual(MOST_SHAPES);
  });

  it('claims', () => {
    expect(claims).toHaveLength(RECEIPTS);
    expect(shapesOf(claims)).toBeLessThanOrEqual(MOST_SHAPES);
  });

  it('which what is put together in different orders is not', () => {
    const orders = [
      { a: 1, b: 2, c: 3 },
      { a: 1, c: 3, b: 2 },
      { b: 2, a: 1, c: 3 },
      { b: 2, c: 3, a: 1 },
      { c: 3, a: 1, b: 2 },
    ];
    expect(shapesOf(orders)).toBe(orders.length);
    expect(shapesOf([shop.ledger(shop.member()), shop.ofAccount(shop.member(), ledgerSlice)])).toBe(1);
  });
});
