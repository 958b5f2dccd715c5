import fc from 'fast-check';
import { lotLiability } from '../../src/ledger/domain/lot.js';
import { standingSlice } from '../../src/tiers/index.js';
import { liabilityOf, merges, sends } from '../builders/accounts.js';
import { ConfigurationBuilder } from '../builders/configuration.js';
import { perSpend } from '../builders/earning-rule.js';
import { purchaseLines } from '../builders/purchase.js';
import { requested, Shop, type Person } from '../builders/shop.js';
import { undoes } from '../builders/undo.js';
import { expectLedgerToAddUp } from '../invariants/ledger.js';

/** More by a flag; a failure prints its seed and path. */
const RUNS = Number(process.env['UNDO_RUNS'] ?? 80);
const HOUR_MS = 3_600_000;

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('buy' as const), amountMinor: fc.nat(30_000) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('return' as const),
      receipt: fc.nat(9),
      quantity: fc.constantFrom('1', '2', '4'),
      onlyPending: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('undo' as const), receipt: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const), hours: fc.nat(40) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A member, a friend who gets points of the member, and two rules: one is wrong, the other is not. */
class Story {
  readonly shop: Shop;
  readonly member: Person;
  readonly friend: Person;
  readonly receipts: string[] = [];

  constructor(pendingDays: number) {
    const transfers = { expiry: 'keep', minimumPoints: 1, maximumPoints: null } as const;
    const wrong = {
      amount: perSpend({ stepMinor: 100 }),
      pending: { type: 'days', days: pendingDays },
    } as const;
    this.shop = new Shop(
      new ConfigurationBuilder()
        .policy({ transfers })
        .accounting()
        .rule(pendingDays === 0 ? { amount: wrong.amount } : wrong, { key: 'wrong' })
        .rule({ amount: perSpend({ stepMinor: 1000 }) }, { key: 'right' })
        .tiers({ measure: 'points' }),
    );
    this.member = this.shop.member();
    this.friend = this.shop.member();
  }

  carryOut(one: Step): void {
    const { shop, member, receipts } = this;
    const chosen = 'receipt' in one ? receipts[one.receipt % Math.max(1, receipts.length)] : undefined;
    switch (one.do) {
      case 'buy': {
        const lines = purchaseLines({ amountMinor: one.amountMinor, quantity: '8' });
        receipts.push(shop.does(shop.purchase(member, { lines })).id as string);
        return;
      }
      case 'return': {
        const lines = [requested({ lineNo: 1, quantity: one.quantity })];
        // More than is left is refused, and changes nothing.
        if (chosen) shop.batch(shop.returns(chosen, { lines, onlyPending: one.onlyPending }));
        return;
      }
      case 'undo':
        if (chosen) this.undo(chosen);
        return;
      case 'pass':
        shop.pass(one.hours * HOUR_MS);
        for (const person of [member, this.friend]) shop.does(shop.applyDue(person));
    }
  }

  /** As many as there are, at most. After a return a member owes what was sent before it, so this comes last. */
  send(points: number): void {
    const { shop, member, friend } = this;
    const sent = Math.min(points, shop.ledger(member).available);
    if (sent > 0) shop.does(sends(shop, member, friend, sent));
  }

  /** As the job does: where the points went first, then the receipt. */
  undo(receipt: string): void {
    this.shop.does(undoes(this.shop, receipt, { rule: 'wrong', away: this.friend }));
    this.shop.does(undoes(this.shop, receipt, { rule: 'wrong' }));
  }

  lots(rule: string) {
    const opened = new Set(this.all().flatMap(({ lotId, rule: by }) => (by?.id === rule ? [lotId] : [])));
    return this.all().filter(({ lotId, rootLotId }) => opened.has(rootLotId ?? lotId));
  }

  private all() {
    return [this.member, this.friend].flatMap((person) => [...this.shop.ledger(person).lots.values()]);
  }
}

describe('an undo of everything that a version gave', () => {
  it('leaves nothing of it, wherever the points went and whatever came back before or comes back later', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 14 }),
        fc.constantFrom(0, 2),
        fc.boolean(),
        fc.nat(150),
        (steps, pendingDays, isMerged, points) => {
          const story = new Story(pendingDays);
          const { shop, member, friend } = story;
          for (const one of steps) story.carryOut(one);
          story.send(points);
          if (isMerged) shop.does(merges(shop, friend, member));
          for (const receipt of story.receipts) story.undo(receipt);
          for (const receipt of story.receipts) story.undo(receipt);
          // Nothing was spent, so no point of the rule is left, none is owed, and no money of it is kept.
          const lots = story.lots('wrong');
          const left = lots.map((lot) => lot.undelivered + lot.pending + lot.available + lot.held);
          expect(left.filter((points) => points > 0)).toEqual([]);
          expect(lots.reduce((sum, lot) => sum + lotLiability(lot), 0n)).toBe(0n);
          const people = isMerged ? [friend] : [member, friend];
          expect(people.map((person) => shop.ledger(person).debt)).toEqual(people.map(() => 0));
          const before = people.map((person) => shop.ledger(person).available);
          const right = story.lots('right').reduce((sum, lot) => sum + lot.available, 0);
          expect(before.reduce((sum, points) => sum + points, 0)).toBe(right);
          // What counts is what the other rule gave and kept.
          const counted = [...shop.ofMember(isMerged ? friend : member, standingSlice).days.values()];
          const kept = story
            .lots('right')
            .reduce((sum, lot) => sum + lot.points - lot.returned - lot.moved, 0);
          expect(counted.reduce((sum, { points }) => sum + points, 0)).toBe(kept);
          // All goods come back: they take the points of the other rule alone.
          for (const receipt of story.receipts) shop.batch(shop.returns(receipt));
          expect(story.lots('wrong').reduce((sum, lot) => sum + lot.returned + lot.moved, 0)).toBe(
            story.lots('wrong').reduce((sum, lot) => sum + lot.points, 0),
          );
          for (const person of [member, friend]) expectLedgerToAddUp(shop.ledger(person));
          if (isMerged) expect(liabilityOf(shop, member)).toBe(0n);
        },
      ),
      { numRuns: RUNS },
    );
  });
});
