import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { perSpend } from '../../test/builders/earning-rule.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { Shop, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import type { Command } from '../platform/pipeline/index.js';

const BOUNDS = {
  receiptDays: 30,
  returnDays: 90,
  creditDays: 7,
  olderReceipts: 'postWhenRecorded',
} as const;

/** By a key with the scope `import`. */
const imported = (command: Command): Command => ({ ...command, unbound: true });
const at = (text: string) => Date.parse(text);
const of = (amountMinor: number) => ({ lines: purchaseLines({ amountMinor }) });

describe('a receipt told on 10 February, where receipts may be 30 days old', () => {
  let shop: Shop;
  let person: Person;

  function open(overrides: object = {}): void {
    const policy = { backdating: { ...BOUNDS, ...overrides } };
    shop = new Shop(
      new ConfigurationBuilder()
        .policy(policy)
        .accounting()
        .rule({ amount: perSpend({ stepMinor: 100 }) }),
    ).at('2026-02-10T09:00:00+01:00');
    person = shop.member();
  }
  beforeEach(() => open());
  afterEach(() => expectLedgerToAddUp(shop.ledger(person)));

  const told = (occurredAt: string) => shop.purchase(person, { ...of(10_000), occurredAt: at(occurredAt) });
  const posted = () => shop.ledger(person).movements.map(({ to, postingDate }) => [to, postingDate]);

  it('is posted on the day on which it happened, if that is within the bound', () => {
    shop.does(told('2026-01-11T00:00:00+01:00'));
    expect(posted()).toEqual([['available', '2026-01-11']]);
  });

  it('is posted on 10 February if it is older, with its own date kept, and its expiry not before it', () => {
    open({});
    shop.does(told('2026-01-10T23:59:59+01:00'));
    expect(posted()).toEqual([['available', '2026-02-10']]);
    expect(shop.ledger(person).movements[0]?.occurredAt).toBe(at('2026-01-10T23:59:59+01:00'));
    const [lot] = [...shop.ledger(person).lots.values()];
    expect(lot).toMatchObject({ postedOn: '2026-02-10', earnedAt: at('2026-01-10T23:59:59+01:00') });
  });

  it('is refused if it is older, where the policy says so', () => {
    open({ olderReceipts: 'refuse' });
    expect(shop.refuses(told('2019-05-01T12:00:00+02:00'))).toMatchObject({
      code: 'BACKDATED_TOO_FAR',
      status: 422,
      errors: [{ pointer: '/occurredAt' }],
      meta: { kind: 'receipt', days: 30 },
    });
    expect(posted()).toEqual([]);
  });

  it('is posted on its own day whenever a key with the scope import brings it', () => {
    open({ olderReceipts: 'refuse' });
    shop.does(imported(told('2025-11-03T12:00:00+01:00')));
    expect(posted()).toEqual([['available', '2025-11-03']]);
  });

  it('is the same receipt whichever key sends it', () => {
    const first = shop.does(imported(told('2025-11-03T12:00:00+01:00')));
    expect(
      shop.does(
        shop.purchase(person, {
          ...of(10_000),
          receiptNo: 'R-1',
          occurredAt: at('2025-11-03T12:00:00+01:00'),
        }),
      ),
    ).toEqual(first);
  });

  it('comes back at most 90 days after it is said to', () => {
    shop.at('2026-02-10T09:00:00+01:00');
    const bought = shop.does(told('2026-02-01T12:00:00+01:00'));
    shop.at('2026-06-01T12:00:00+02:00');
    const late = shop.returns(bought['id'], { occurredAt: at('2026-03-02T12:00:00+01:00') });
    expect(shop.refuses(late)).toMatchObject({
      code: 'BACKDATED_TOO_FAR',
      meta: { kind: 'return', days: 90 },
    });
    expect(shop.does(imported(late))).toMatchObject({ pointsTaken: 100 });
  });

  it('within an exchange is bound like any other', () => {
    open({ olderReceipts: 'refuse' });
    const bought = shop.does(imported(told('2025-11-01T12:00:00+01:00')));
    const next = shop.purchase(person, { ...of(500), occurredAt: at('2025-12-20T12:00:00+01:00') });
    const swap = shop.exchange(bought['id'], {}, next);
    expect(shop.refuses(swap)).toMatchObject({ code: 'BACKDATED_TOO_FAR', meta: { kind: 'receipt' } });
  });
});

describe('a receipt of before the first month in the books', () => {
  const shopFrom = (booksFrom: string | null) =>
    new Shop(
      new ConfigurationBuilder()
        .policy({ booksFrom })
        .accounting({}, { from: '2026-01-05T00:00:00+01:00' })
        .rule({ amount: perSpend({ stepMinor: 100 }) }),
    ).at('2026-02-10T09:00:00+01:00');

  it('gives points, counts and posts nothing, and its lot says why; the first day of the month is in the books', () => {
    const shop = shopFrom('2026-01');
    const person = shop.member();
    shop.does(
      imported(shop.purchase(person, { ...of(10_000), occurredAt: at('2025-12-31T23:59:59+01:00') })),
    );
    shop.does(
      imported(shop.purchase(person, { ...of(10_000), occurredAt: at('2026-01-05T00:00:00+01:00') })),
    );
    const [before, after] = [...shop.ledger(person).lots.values()];
    expect(before).toMatchObject({
      available: 100,
      allocated: 0n,
      valuation: { unallocated: 'beforeBooks', policyVersion: 1 },
    });
    expect(after).toMatchObject({ available: 100 });
    expect(after?.allocated).toBeGreaterThan(0n);
    expect(after?.valuation).not.toHaveProperty('unallocated');
    shop.does(shop.redeem(person, { points: 100 }));
    expect(shop.ledger(person).movements.at(-1)).toMatchObject({ eventCode: 'E06', liability: 0n });
    expectLedgerToAddUp(shop.ledger(person));
  });

  it('is refused without an accounting policy of its time where all receipts are in the books', () => {
    const shop = shopFrom(null);
    const person = shop.member();
    const old = shop.purchase(person, { ...of(10_000), occurredAt: at('2025-12-31T23:59:59+01:00') });
    expect(shop.refuses(imported(old)).code).toBe('NO_ACCOUNTING_POLICY');
  });
});
