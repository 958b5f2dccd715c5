import fc from 'fast-check';
import { grant, LedgerStory, lotPoints } from '../../../test/builders/ledger.js';
import { expectLedgerToAddUp } from '../../../test/invariants/ledger.js';
import type { LotPoints } from '../../kernel/domain-events.js';
import { planExpiry, planSpend, takeInOrder } from './spend.js';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00Z');

const step = fc.oneof(
  fc.record({
    do: fc.constant('earn' as const),
    points: fc.integer({ min: 1, max: 1_000_000 }),
    // Odd amounts, so that hardly any share of a lot is a whole unit.
    allocated: fc.bigInt({ min: 0n, max: 10n ** 15n }),
    days: fc.option(fc.integer({ min: 1, max: 60 })),
  }),
  fc.record({
    do: fc.constantFrom('spend' as const, 'hold' as const),
    points: fc.integer({ min: 1, max: 1_500_000 }),
  }),
  fc.record({ do: fc.constant('capture' as const), percent: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ do: fc.constant('void' as const) }),
  fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 40 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** An account to which things happen as the engine lets them: planned against the state, due lots expired first. */
class RandomAccount {
  readonly story = new LedgerStory();
  private now = START;
  private lots = 0;
  private readonly holds: (readonly LotPoints[])[] = [];

  carryOut(next: Step): void {
    this.story.at(new Date(this.now).toISOString());
    switch (next.do) {
      case 'earn':
        this.lots += 1;
        this.story.granted(
          grant(this.lots, {
            points: next.points,
            allocated: next.allocated,
            origin: next.allocated === 0n ? 'non_purchase' : 'purchase',
            expiresAt: next.days === null ? null : this.now + next.days * DAY_MS,
          }),
        );
        return;
      case 'spend':
      case 'hold':
        return this.spend(next.do, next.points);
      case 'capture':
        return this.capture(next.percent);
      case 'void':
        this.story.released(...(this.holds.shift() ?? []));
        return;
      case 'wait':
        this.now += next.days * DAY_MS;
        for (const { lots } of planExpiry(this.story.state, this.now)) this.story.expired(...lots);
    }
  }

  private spend(how: 'spend' | 'hold', points: number): void {
    const plan = planSpend(this.story.state, points);
    if (!plan.ok) {
      expect(plan.refusal.missing).toBe(points - this.story.state.available);
      return;
    }
    if (how === 'spend') this.story.redeemed('available', ...plan.value);
    else {
      this.holds.push(plan.value);
      this.story.held(...plan.value);
    }
  }

  private capture(percent: number): void {
    const hold = this.holds.shift();
    if (!hold) return;
    const whole = hold.reduce((sum, { points }) => sum + points, 0);
    const used = Math.ceil((whole * percent) / 100);
    this.story.redeemed('held', ...takeInOrder(hold, used));
    this.story.released(...takeInOrder([...hold].reverse(), whole - used));
  }
}

describe('an account, whatever happens to it in whatever order', () => {
  it('adds up after every step: points, balances, liability and hash chain', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const account = new RandomAccount();
        for (const next of steps) {
          account.carryOut(next);
          expectLedgerToAddUp(account.story.state);
          expect(account.story.state.available).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('ends at the same liability in whatever portions a lot is used up', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 }),
        fc.bigInt({ min: 1n, max: 10n ** 15n }),
        (portions, allocated) => {
          const points = portions.reduce((a, b) => a + b, 0);
          const story = new LedgerStory().granted(grant(1, { points, allocated }));
          for (const portion of portions) story.redeemed('available', ...lotPoints([1, portion]));
          expect(story.state.movements.reduce((sum, { liability }) => sum + liability, 0n)).toBe(0n);
          expectLedgerToAddUp(story.state);
        },
      ),
    );
  });
});
