import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { perSpend } from '../../test/builders/earning-rule.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { requested, Shop, type Answer, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import type { PurchaseLine } from '../kernel/domain-events.js';
import { redemptionsSlice, type RedemptionFacts } from '../redemptions/index.js';
import type { RedemptionId } from '../kernel/ids.js';
import { standingSlice } from '../tiers/index.js';

/** A point for each 1.00; a mug costs 100 of them, and there are three. */
class MugShop {
  readonly shop = new Shop(
    new ConfigurationBuilder()
      .policy()
      .accounting()
      .rule({ amount: perSpend({ stepMinor: 100 }) })
      .reward('mug', { points: 100, discountMinor: 0, stocked: true }),
  ).stock('mug', 3);
  readonly member: Person = this.shop.member();

  constructor(points = 100) {
    this.shop.does(this.shop.purchase(this.member, { lines: purchaseLines({ amountMinor: points * 100 }) }));
  }

  mug(): RedemptionId {
    return this.shop.does(this.shop.redeem(this.member, { rewardId: 'mug', mode: 'authorise' }))
      .id as RedemptionId;
  }

  buys(redemptionIds: readonly RedemptionId[], ...lines: readonly Partial<PurchaseLine>[]): Answer {
    const order = this.shop.purchase(this.member, { redemptionIds, lines: purchaseLines(...lines) });
    return this.shop.does(order);
  }

  bringsBack({ id }: Answer, body: Parameters<Shop['returns']>[1] = {}): Answer {
    const answer = this.shop.does(this.shop.returns(id, body));
    expectLedgerToAddUp(this.shop.ledger(this.member));
    return answer;
  }

  /** Points that can be spent, and mugs on the shelf. */
  get left(): readonly unknown[] {
    return [this.shop.ledger(this.member).available, this.shop.remaining('mug')];
  }
}

const pieces = (lineNo: number, quantity: string) => requested({ lineNo, quantity });

describe('a reward used on a receipt', () => {
  it('stays used when other goods come back', () => {
    const story = new MugShop();
    const order = story.buys([story.mug()], { sku: 'GUM', amountMinor: 50, quantity: '2' });
    const half = story.bringsBack(order, { lines: [pieces(1, '1')] });
    expect(half).toMatchObject({ redemptions: [], notices: [] });
    expect(story.left).toEqual([0, 2]);
  });

  it('stays used when the whole receipt comes back and nothing names it, and the answer says so', () => {
    const story = new MugShop();
    const mug = story.mug();
    const order = story.buys([mug], { sku: 'GUM', amountMinor: 50 });
    const whole = story.bringsBack(order);
    expect(whole).toMatchObject({ redemptions: [], notices: [{ code: 'REWARD_STILL_USED' }] });
    expect(whole.notices[0].detail).toContain(mug);
    expect(story.left).toEqual([0, 2]);
  });

  it('comes back with the line that names it, in whichever order the lines come back', () => {
    for (const order of [
      [1, 2],
      [2, 1],
    ]) {
      // prettier-ignore
      const story = new MugShop();
      const mug = story.mug();
      const receipt = story.buys(
        [mug],
        { sku: 'GUM', amountMinor: 50 },
        { amountMinor: 0, redemptionId: mug },
      );
      const [one, other] = order.map((lineNo) => story.bringsBack(receipt, { lines: [pieces(lineNo, '1')] }));
      const restored = [{ id: mug, points: 100 }];
      expect([one, other].map((answer) => answer?.redemptions)).toMatchObject(
        order[0] === 2 ? [restored, []] : [[], restored],
      );
      expect([...(one?.notices ?? []), ...(other?.notices ?? [])]).toEqual([]);
      expect(story.left).toEqual([100, 3]);
    }
  });

  it('comes back with the whole receipt when a line names it', () => {
    const story = new MugShop();
    const mug = story.mug();
    const order = story.buys([mug], { amountMinor: 50 }, { amountMinor: 0, redemptionId: mug });
    expect(story.bringsBack(order)).toMatchObject({ redemptions: [{ id: mug, points: 100 }], notices: [] });
    expect(story.left).toEqual([100, 3]);
  });

  it('comes back with the last goods of all lines that name it, not with money alone', () => {
    const story = new MugShop();
    const set = story.mug();
    const order = story.buys(
      [set],
      { amountMinor: 300, quantity: '3', redemptionId: set },
      { amountMinor: 100, redemptionId: set },
    );
    const money = requested({ lineNo: 2, amountMinor: 60 });
    const steps = [[pieces(1, '2')], [money], [pieces(1, '1')], [pieces(2, '1')]].map(
      (lines) => story.bringsBack(order, { lines }).redemptions.length as number,
    );
    expect(steps).toEqual([0, 0, 0, 1]);
    expect(story.left).toEqual([100, 3]);
  });

  it('stays used where all the money of its line came back and the thing did not', () => {
    const story = new MugShop();
    const mug = story.mug();
    const order = story.buys([mug], { amountMinor: 100, redemptionId: mug });
    const answer = story.bringsBack(order, { lines: [requested({ lineNo: 1, amountMinor: 100 })] });
    expect(answer).toMatchObject({ redemptions: [], notices: [{ code: 'REWARD_STILL_USED' }] });
    expect(story.left).toEqual([0, 2]);
  });

  it('comes back whole where the return names it, with goods, before them, or after all of them', () => {
    const steps: Parameters<MugShop['bringsBack']>[1][] = [
      { lines: [pieces(1, '1')] },
      { whole: false, lines: [] },
      { whole: true },
    ];
    for (const at of [0, 1, 2]) {
      const story = new MugShop();
      const mug = story.mug();
      const order = story.buys([mug], { amountMinor: 100, quantity: '2' });
      for (const [index, body] of steps.entries()) {
        if (index === 1 && at !== 1) continue;
        const answer = story.bringsBack(order, {
          ...body,
          ...(index === at ? { redemptionIds: [mug] } : {}),
        });
        expect(answer.redemptions).toMatchObject(index === at ? [{ id: mug, points: 100 }] : []);
        expect(answer.notices).toEqual([]);
      }
      expect(story.left).toEqual([100, 3]);
    }
    const story = new MugShop();
    const mug = story.mug();
    const order = story.buys([mug], { amountMinor: 100 });
    expect(story.bringsBack(order).notices).toMatchObject([{ code: 'REWARD_STILL_USED' }]);
    const late = story.bringsBack(order, { whole: false, lines: [], redemptionIds: [mug] });
    expect(late).toMatchObject({ pointsTaken: 0, lines: [], redemptions: [{ id: mug, points: 100 }] });
    expect(story.left).toEqual([100, 3]);
  });

  it('comes back once, by itself, by its line, or by name', () => {
    const story = new MugShop();
    const mug = story.mug();
    const order = story.buys([mug], { amountMinor: 50 }, { amountMinor: 0, redemptionId: mug });
    const named = { whole: false, lines: [], redemptionIds: [mug] };
    story.bringsBack(order, named);
    expect(story.shop.refuses(story.shop.returns(order.id, named))).toMatchObject({
      ...{ code: 'NOTHING_LEFT_TO_REVERSE', status: 409 },
      errors: [{ pointer: '/redemptionIds/0' }],
    });
    expect(story.bringsBack(order)).toMatchObject({ redemptions: [], notices: [] });
    expect(story.left).toEqual([100, 3]);
  });

  it('that was given back in part by an earlier release comes back with what is left of it', () => {
    const story = new MugShop();
    const mug = story.mug();
    const order = story.buys([mug], { amountMinor: 50, redemptionId: mug });
    const redemptions = story.shop.ofAccount(story.member, redemptionsSlice).redemptions as Map<
      RedemptionId,
      RedemptionFacts
    >;
    redemptions.set(mug, { ...(redemptions.get(mug) as RedemptionFacts), reversedPoints: 40 });
    expect(story.bringsBack(order).redemptions).toMatchObject([{ id: mug, points: 60 }]);
    expect(story.shop.remaining('mug')).toBe(3);
  });

  it('is one of several: each comes back for itself', () => {
    const story = new MugShop(300);
    const [one, two] = [story.mug(), story.mug()];
    const order = story.buys(
      [one, two],
      { amountMinor: 50 },
      { amountMinor: 0, redemptionId: one },
      { amountMinor: 0, redemptionId: two },
    );
    expect(story.bringsBack(order, { lines: [pieces(3, '1')] }).redemptions).toMatchObject([
      { id: two, points: 100 },
    ]);
    expect(story.left).toEqual([200, 2]);
    expect(story.bringsBack(order).redemptions).toMatchObject([{ id: one, points: 100 }]);
    expect(story.left).toEqual([300, 3]);
  });

  it('leaves points off the basket to the money', () => {
    const story = new MugShop(200);
    const mug = story.mug();
    const off = story.shop.does(story.shop.redeem(story.member, { points: 50 })).id as RedemptionId;
    const order = story.buys(
      [mug, off],
      { amountMinor: 90, quantity: '2' },
      { amountMinor: 0, redemptionId: mug },
    );
    expect(story.bringsBack(order, { lines: [pieces(2, '1')] }).redemptions).toMatchObject([
      { id: mug, points: 100 },
    ]);
    expect(story.bringsBack(order, { lines: [pieces(1, '1')] }).redemptions).toMatchObject([
      { id: off, points: 25 },
    ]);
    expect(story.bringsBack(order).redemptions).toMatchObject([{ id: off, points: 25 }]);
    expect(story.left).toEqual([200, 3]);
  });

  it('takes no visit back when it comes back after everything else', () => {
    const story = new MugShop();
    const mug = story.mug();
    const order = story.buys([mug], { amountMinor: 100 });
    story.bringsBack(order);
    const before = story.shop.ofMember(story.member, standingSlice);
    story.bringsBack(order, { whole: false, lines: [], redemptionIds: [mug] });
    expect(story.shop.ofMember(story.member, standingSlice).days).toEqual(before.days);
  });

  it('can be exchanged for another', () => {
    const story = new MugShop(200);
    const [first, second] = [story.mug(), story.mug()];
    const order = story.buys([first], { amountMinor: 50 });
    const lines = purchaseLines({ amountMinor: 0, redemptionId: second });
    const next = story.shop.purchase(story.member, { redemptionIds: [second], lines });
    const back = { whole: false, lines: [], redemptionIds: [first] };
    expect(story.shop.does(story.shop.exchange(order.id, back, next))).toMatchObject({
      return: { redemptions: [{ id: first, points: 100 }] },
      purchase: { redemptions: [second] },
    });
    expect(story.left).toEqual([100, 2]);
    expect(
      story.shop.refuses(story.shop.exchange(order.id, back, story.shop.purchase(story.member))),
    ).toMatchObject({
      errors: [{ pointer: '/return/redemptionIds/0' }],
    });
  });

  it('comes back for practice without anything changing', () => {
    const story = new MugShop();
    const mug = story.mug();
    const order = story.buys([mug], { amountMinor: 50, redemptionId: mug });
    const before = story.shop.snapshot(story.member);
    const dry = story.shop.does(story.shop.returns(order.id, {}, { dryRun: true }));
    expect(dry.redemptions).toMatchObject([{ id: mug, points: 100 }]);
    expect(story.shop.snapshot(story.member)).toEqual(before);
    expect(story.left).toEqual([0, 2]);
  });
});

describe('a reward cannot be named', () => {
  const story = new MugShop(300);
  const [mug, other] = [story.mug(), story.mug()];
  const off = story.shop.does(story.shop.redeem(story.member, { points: 50 })).id as RedemptionId;
  const order = story.buys([mug, off], { amountMinor: 100 });
  const refusal = (redemptionIds: readonly RedemptionId[]) =>
    story.shop.refuses(story.shop.returns(order.id, { redemptionIds }));

  it('by a return of a receipt that did not use it', () => {
    expect(refusal([mug, other])).toMatchObject({
      ...{ code: 'RETURN_REDEMPTION_UNKNOWN', status: 422 },
      errors: [{ pointer: '/redemptionIds/1' }],
    });
  });

  it('where it is points off the basket, by a return or by a line', () => {
    expect(refusal([off])).toMatchObject({
      ...{ code: 'REDEMPTION_NOT_A_REWARD', status: 422 },
      errors: [{ pointer: '/redemptionIds/0' }],
    });
    const more = story.shop.does(story.shop.redeem(story.member, { points: 20 })).id as RedemptionId;
    const lines = purchaseLines({ amountMinor: 100, redemptionId: more });
    const receipt = story.shop.purchase(story.member, { redemptionIds: [more], lines });
    expect(story.shop.refuses(receipt)).toMatchObject({
      ...{ code: 'REDEMPTION_NOT_A_REWARD', status: 422 },
      errors: [{ pointer: '/lines' }],
    });
  });
});
