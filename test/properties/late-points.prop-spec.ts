import fc from 'fast-check';
import { ConfigurationBuilder } from '../builders/configuration.js';
import { perSpend } from '../builders/earning-rule.js';
import { purchaseLines } from '../builders/purchase.js';
import { Shop, type Answer, type Person } from '../builders/shop.js';
import { expectLedgerToAddUp } from '../invariants/ledger.js';
import { lotLiability } from '../../src/ledger/domain/lot.js';

const HOUR = 3_600_000;
const BEGIN = Date.parse('2026-03-10T12:00:00+01:00');
const at = (hours: number) => new Date(BEGIN + hours * HOUR).toISOString();

/** Points that live five days, one for each 1.00. */
function open(): { readonly shop: Shop; readonly member: Person } {
  const shop = new Shop(
    new ConfigurationBuilder()
      .policy({ expiry: { type: 'days', days: 5 } })
      .accounting({ valuePerPoint: '1' })
      .rule({ amount: perSpend({ stepMinor: 100 }) }),
  );
  return { shop: shop.at(at(0)), member: shop.member() };
}

const buys = (shop: Shop, member: Person, points: number, hours = 0): Answer =>
  shop.does(
    shop.purchase(member, {
      ...{ occurredAt: Date.parse(at(hours)), lines: purchaseLines({ amountMinor: points * 100 }) },
    }),
  );

/** Receipts whose points are spent, to be returned one after the other: each makes a debt. */
function spent(shop: Shop, member: Person, debts: readonly number[]): readonly Answer[] {
  const receipts = debts.map((points) => buys(shop, member, points));
  const points = debts.reduce((sum, each) => sum + each, 0);
  if (points > 0) shop.does(shop.redeem(member, { points }));
  return receipts;
}

/** What is left of the member's points and debt, and what is owed to the member. */
function endOf(shop: Shop, member: Person) {
  shop.does(shop.applyDue(member));
  const ledger = shop.ledger(member);
  expectLedgerToAddUp(ledger);
  const liability = [...ledger.lots.values()].reduce((sum, lot) => sum + lotLiability(lot), 0n);
  return { available: ledger.available, debt: ledger.debt, liability };
}

describe('a receipt that comes after its points ended', () => {
  it('fills the debt that was open when it occurred: 100, a receipt of 70, 30', () => {
    const { shop, member } = open();
    const [bought] = spent(shop, member, [100]);
    shop.does(shop.returns(bought?.['id']));
    shop.at(at(24 * 20));
    const late = buys(shop, member, 70, 24);
    expect(late).toMatchObject({
      ...{ pointsGranted: 70, pointsToDebt: 70, balance: { available: 0, debt: 30 }, notices: [] },
      grants: [{ points: 70, state: 'available' }],
    });
    // Points that fill a debt in the command that grants them never were a promise.
    const lot = shop.ledger(member).lots.get(late['grants'][0].lotId);
    expect(lot).toMatchObject({ settled: 70, expired: 0, allocated: 0n });
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('fills no debt that came after its points ended, and part of one that was open', () => {
    const { shop, member } = open();
    const [old, young] = spent(shop, member, [40, 60]);
    shop.does(shop.returns(old?.['id']));
    shop.at(at(24 * 15));
    shop.does(shop.returns(young?.['id']));
    shop.at(at(24 * 20));
    const late = buys(shop, member, 70, 24);
    expect(late).toMatchObject({ pointsToDebt: 40, balance: { available: 0, debt: 60 } });
    expect(late['notices']).toMatchObject([{ code: 'POINTS_ALREADY_EXPIRED' }]);
    expect(late['grants']).toMatchObject([
      { points: 40, state: 'available' },
      { points: 30, state: 'expired' },
    ]);
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('leaves alone what was filled meanwhile', () => {
    const { shop, member } = open();
    const [old, young] = spent(shop, member, [40, 60]);
    shop.does(shop.returns(old?.['id']));
    shop.at(at(24 * 15));
    buys(shop, member, 30, 24 * 15);
    shop.does(shop.returns(young?.['id']));
    shop.at(at(24 * 20));
    // 10 of the first 40 are open all the time; the 60 came too late.
    expect(buys(shop, member, 70, 24)).toMatchObject({ pointsToDebt: 10, balance: { debt: 60 } });
  });

  it('ends as if it had come in time, whenever goods came back', () => {
    const debt = fc.record({
      points: fc.integer({ min: 1, max: 60 }),
      hours: fc.integer({ min: 0, max: 400 }),
    });
    fc.assert(
      fc.property(
        fc.array(debt, { minLength: 1, maxLength: 4 }),
        fc.array(
          fc.record({ points: fc.integer({ min: 1, max: 90 }), hours: fc.integer({ min: 0, max: 400 }) }),
          {
            minLength: 1,
            maxLength: 2,
          },
        ),
        (debts, receipts) => {
          const story = (arrivesAt: (hours: number) => number) => {
            const { shop, member } = open();
            const bought = spent(
              shop,
              member,
              debts.map(({ points }) => points),
            );
            const steps = [
              ...debts.map(({ hours }, index) => ({
                ...{ hours, order: index },
                does: () => shop.does(shop.returns(bought[index]?.['id'])),
              })),
              ...receipts.map(({ points, hours }, index) => ({
                ...{ hours: arrivesAt(hours), order: 100 + index + hours / 1000 },
                does: () => buys(shop, member, points, hours),
              })),
            ];
            for (const { hours, does } of steps.sort((a, b) => a.hours - b.hours || a.order - b.order)) {
              shop.at(at(hours));
              does();
            }
            shop.at(at(1200));
            return endOf(shop, member);
          };
          expect(story(() => 1100)).toEqual(story((hours) => hours));
        },
      ),
      { numRuns: 120 },
    );
  });
});
