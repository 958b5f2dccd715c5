import fc from 'fast-check';
import { ConfigurationBuilder } from '../../../../test/builders/configuration.js';
import { purchaseLines } from '../../../../test/builders/purchase.js';
import { Shop, type Person } from '../../../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../../../test/invariants/ledger.js';
import type { Command, Outcome } from '../contract/command.js';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-01-01T12:00:00Z');

const wish = fc.oneof(
  fc.record({
    do: fc.constant('purchase' as const),
    amountMinor: fc.integer({ min: 0, max: 500_000 }),
    daysLate: fc.integer({ min: 0, max: 40 }),
    uses: fc.boolean(),
  }),
  fc.record({ do: fc.constant('repeat' as const) }),
  fc.record({
    do: fc.constant('redeem' as const),
    points: fc.integer({ min: 1, max: 300 }),
    mode: fc.constantFrom('authorise', 'capture'),
    dryRun: fc.boolean(),
  }),
  fc.record({ do: fc.constant('capture' as const), points: fc.option(fc.integer({ min: 1, max: 100 })) }),
  fc.record({ do: fc.constant('void' as const) }),
  fc.record({ do: fc.constant('settle' as const) }),
);
type Wish = typeof wish extends fc.Arbitrary<infer T> ? T : never;

/** Batches for two members, `days` apart. */
const batches = fc.array(
  fc.record({
    days: fc.integer({ min: 0, max: 25 }),
    wishes: fc.array(fc.tuple(fc.nat(1), wish), { minLength: 1, maxLength: 8 }),
  }),
  { maxLength: 8 },
);

/** A shop whose points live thirty days, and what its members want of it. */
class RandomShop {
  readonly shop = new Shop(
    ConfigurationBuilder.shop()
      .policy({ expiry: { type: 'days', days: 30 } }, { version: 2 })
      .tiers(),
  );
  readonly members: readonly Person[] = [this.shop.member(), this.shop.member()];
  private now = START;
  private redemptions: string[] = [];
  private last: Command | null = null;

  run(days: number, wishes: readonly (readonly [number, Wish])[]): void {
    this.now += days * DAY_MS;
    this.shop.at(new Date(this.now).toISOString());
    for (const outcome of this.shop.batch(
      ...wishes.map(([who, what]) => this.command(this.members[who] as Person, what)),
    )) {
      this.remember(outcome);
    }
  }

  private command(member: Person, what: Wish): Command {
    const redemptionId = this.redemptions[0] ?? 'rdm_00000000000000000000000000';
    switch (what.do) {
      case 'purchase': {
        this.last = this.shop.purchase(member, {
          occurredAt: this.now - what.daysLate * DAY_MS,
          lines: purchaseLines({ amountMinor: what.amountMinor }),
          redemptionIds: what.uses ? (this.redemptions.slice(0, 1) as `rdm_${string}`[]) : [],
        });
        return this.last;
      }
      case 'repeat':
        return this.last ?? this.shop.applyDue(member);
      case 'redeem':
        return this.shop.redeem(member, what, { dryRun: what.dryRun });
      case 'capture':
        return this.shop.capture(redemptionId, what.points);
      case 'void':
        return this.shop.void(redemptionId);
      case 'settle':
        return this.shop.applyDue(member);
    }
  }

  private remember(outcome: Outcome): void {
    if (outcome.kind === 'refused') return;
    const { id } = JSON.parse(outcome.body) as { id?: string };
    if (id?.startsWith('rdm_')) this.redemptions = [id, ...this.redemptions.filter((known) => known !== id)];
  }
}

describe('decisions, whatever is asked of them in whatever batches', () => {
  it('leave every account adding up, and number its events without a gap', () => {
    fc.assert(
      fc.property(batches, (plan) => {
        const random = new RandomShop();
        for (const { days, wishes } of plan) {
          random.run(days, wishes);
          for (const member of random.members) {
            expectLedgerToAddUp(random.shop.ledger(member));
            const numbers = random.shop.events(member).map(({ sequence }) => sequence);
            expect(numbers).toEqual(numbers.map((_, index) => index + 1));
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('do not depend on how commands were gathered', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1), wish), { minLength: 1, maxLength: 10 }), (wishes) => {
        // Nothing that names an earlier answer, which is not known yet to who asks for everything at once.
        const asked = wishes
          .filter(([, what]) => what.do !== 'capture' && what.do !== 'void')
          .map(([who, what]) => [who, what.do === 'purchase' ? { ...what, uses: false } : what] as const);
        const [together, apart] = [new RandomShop(), new RandomShop()];
        together.run(0, asked);
        for (const one of asked) apart.run(0, [one]);
        for (const [index, member] of together.members.entries()) {
          const other = apart.members[index] as Person;
          const figures = (shop: Shop, person: Person) => {
            const { available, held, lifetimeEarned, lifetimeRedeemed, movementSequence } =
              shop.ledger(person);
            return { available, held, lifetimeEarned, lifetimeRedeemed, movementSequence };
          };
          expect(figures(together.shop, member)).toEqual(figures(apart.shop, other));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('of a till that sends everything twice are those of a till that sends it once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        (amounts, together) => {
          const shop = new Shop();
          const member = shop.member();
          const receipts = amounts.map((amountMinor) =>
            shop.purchase(member, { lines: purchaseLines({ amountMinor }) }),
          );
          if (together) shop.batch(...receipts, ...receipts);
          else for (const receipt of [...receipts, ...receipts]) shop.batch(receipt);
          const earned = amounts.reduce((sum, amountMinor) => sum + Math.floor(amountMinor / 1000), 0);
          expect(shop.ledger(member).available).toBe(earned);
        },
      ),
    );
  });
});
