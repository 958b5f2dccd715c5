import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { perSpend } from '../../test/builders/earning-rule.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { requested, Shop } from '../../test/builders/shop.js';
import { standingSlice } from '../tiers/index.js';

/** One point for each 1.00. */
const ONE_PER_ONE = { amount: perSpend({ stepMinor: 100 }) };
const onePerOne = () => new ConfigurationBuilder().policy().accounting().rule(ONE_PER_ONE);
const oneLine = (amountMinor: number, quantity = '1') => ({
  lines: purchaseLines({ amountMinor, quantity }),
});
const units = (lineNo: number, quantity: string) => requested({ lineNo, quantity });

describe('what counted for tiers', () => {
  const ladder = { measure: 'spend' as const };
  const withLadder = () => onePerOne().tiers(ladder);

  it('goes back on the day of the receipt, a visit with the last of it', () => {
    const shop = new Shop(withLadder());
    const member = shop.member();
    const order = shop.does(shop.purchase(member, oneLine(10_000, '2')));
    shop.at('2026-03-20T12:00:00+01:00');
    const day = () => shop.ofMember(member, standingSlice).days.get('2026-03-10');
    shop.does(shop.returns(order.id, { lines: [units(1, '1')] }));
    expect(day()).toEqual({ spendMinor: 5000, points: 50, visits: 1, status: 0 });
    shop.does(shop.returns(order.id));
    expect(day()).toEqual({ spendMinor: 0, points: 0, visits: 0, status: 0 });
    expect([...shop.ofMember(member, standingSlice).days.keys()]).toEqual(['2026-03-10']);
  });

  it('takes a promotion back that only this receipt caused', () => {
    const shop = new Shop(withLadder());
    const member = shop.member();
    shop.does(shop.purchase(member, oneLine(60)));
    const order = shop.does(shop.purchase(member, oneLine(600)));
    expect(order.standing.tier).toBe('gold');
    shop.at('2026-03-20T12:00:00+01:00');
    const answer = shop.does(shop.returns(order.id));
    expect(answer).toMatchObject({
      tierChange: { from: 'gold', to: 'basic', since: '2026-03-20T11:00:00.000Z' },
      standing: { tier: 'basic', reason: { type: 'return', purchaseId: order.id, returnId: answer.id } },
    });
    expect(shop.events(member).at(-1)).toMatchObject({
      type: 'tier.changed',
      data: { from: 'gold', to: 'basic', purchaseId: order.id },
    });
  });

  it('keeps it until the next roll where the programme says so', () => {
    const shop = new Shop(withLadder().policy({ onReturn: 'keep' }, { version: 2 }));
    const member = shop.member();
    const order = shop.does(shop.purchase(member, oneLine(600)));
    expect(shop.does(shop.returns(order.id))).toMatchObject({
      tierChange: null,
      standing: { tier: 'gold', progress: [{ value: 0 }] },
    });
  });

  it('of a receipt that was not counted takes nothing off', () => {
    const shop = new Shop(withLadder());
    const member = shop.member('suspended');
    const order = shop.does(shop.purchase(member));
    const answer = shop.does(shop.returns(order.id));
    expect(answer).toMatchObject({ pointsTaken: 0, lines: [{ amountMinor: 10_000 }], tierChange: null });
    expect(shop.ofMember(member, standingSlice).days.size).toBe(0);
  });
});

describe('what counted for caps', () => {
  const capped = () =>
    new ConfigurationBuilder()
      .policy()
      .accounting()
      .rule({ ...ONE_PER_ONE, limits: [{ period: 'day', points: 100, times: 2 }] });

  it('is room again for the day of the receipt, and counts no longer as a time once all is back', () => {
    const shop = new Shop(capped());
    const member = shop.member();
    const order = shop.does(shop.purchase(member, oneLine(8000, '2')));
    expect(shop.does(shop.purchase(member, oneLine(8000))).pointsGranted).toBe(20);
    shop.does(shop.returns(order.id, { lines: [units(1, '1')] }));
    // 60 of 100 points are used, but two receipts had points today.
    expect(shop.does(shop.purchase(member, oneLine(8000))).pointsGranted).toBe(0);
    shop.does(shop.returns(order.id));
    expect(shop.does(shop.purchase(member, oneLine(8000))).pointsGranted).toBe(80);
  });
});
