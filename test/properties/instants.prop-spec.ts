import fc from 'fast-check';
import { ConfigurationBuilder } from '../builders/configuration.js';
import { joins, leaves, merges, opensHousehold, sends } from '../builders/accounts.js';
import { order } from '../builders/adjustment.js';
import { purchaseLines } from '../builders/purchase.js';
import { accepted, requested, Shop, type Answer, type Person } from '../builders/shop.js';
import { expectNothingNegative } from '../invariants/ledger.js';
import type { Command } from '../../src/platform/pipeline/index.js';

/** More by a flag; a failure prints its seed and path. */
const RUNS = Number(process.env['INSTANT_RUNS'] ?? 150);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 86_400 * SECOND;
/** Shortly before a month ends. */
const START = '2026-01-31T23:58:00+01:00';

/** When something is said to have happened: on time, by a till that is ahead, or late. */
const told = fc.constantFrom(0, 0, 4 * MINUTE, 5 * MINUTE, 90 * SECOND, -MINUTE, -DAY, -20 * DAY, -45 * DAY);
const who = fc.nat(2);
const which = fc.nat(9);
const points = fc.integer({ min: 1, max: 120 });
const does = <K extends string, T extends object>(act: K, picks: fc.Arbitrary<T>) =>
  picks.map((pick) => ({ act, ...pick }));

/** The server's clock between two commands: it goes on, stands still, or is set back, now and then too far. */
const tick = fc.constantFrom(
  ...[0, 0, SECOND, 20 * SECOND, 3 * MINUTE, 6 * MINUTE, DAY, 12 * DAY, 40 * DAY],
  ...[-SECOND, -10 * SECOND, -55 * SECOND, -2 * MINUTE],
);
const act = fc.oneof(
  does(
    'buy',
    fc.record({ who, told, amountMinor: fc.integer({ min: 1, max: 60_000 }), waits: fc.boolean() }),
  ),
  does('report', fc.record({ which, told, type: fc.constantFrom('delivered', 'delivered', 'cancelled') })),
  does(
    'return',
    fc.record({ which, part: fc.option(fc.integer({ min: 1, max: 60_000 })), onlyPending: fc.boolean() }),
  ),
  does('redeem', fc.record({ who, points, hold: fc.option(fc.constantFrom(60, 900, 100_000)) })),
  does(
    'settle',
    fc.record({ which, how: fc.constantFrom('capture', 'void', 'reverse'), points: fc.option(points) }),
  ),
  does('adjust', fc.record({ who, told, points, kind: fc.constantFrom('credit', 'credit', 'debit') })),
  does('apologise', fc.record({ who, told, points })),
  does('send', fc.record({ who, to: who, points })),
  does('household', fc.record({ who, split: fc.constantFrom('own', 'equal', 'none') })),
  does('merge', fc.record({ who, to: who, seldom: fc.constantFrom(false, false, false, true) })),
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

const configuration = new ConfigurationBuilder()
  .policy({
    expiry: { type: 'days', days: 30 },
    transfers: { expiry: 'keep', minimumPoints: 1, maximumPoints: null },
  })
  .accounting()
  .rule({ lines: { includeCategories: [], excludeCategories: ['order'] } })
  .rule(
    {
      name: 'order',
      lines: { includeCategories: ['order'], excludeCategories: [] },
      pending: { type: 'event', event: 'delivered', thenDays: 0, cancelAfterDays: 25 },
    },
    { key: 'order' },
  )
  .adjustmentReason('sorry')
  .adjustmentReason('late-order', { direction: 'credit', origin: 'sale_compensation' });

/** Some members of a shop whose clock jumps, and what was asked of them. */
class Story {
  readonly shop = new Shop(configuration).at(START);
  private readonly members: readonly Person[] = [0, 1, 2].map(() => this.shop.member());
  private readonly receipts: string[] = [];
  private readonly redemptions: string[] = [];
  private household: string | null = null;
  refused = 0;

  carryOut(next: Act): void {
    const command = this.commandFor(next);
    if (command === null) return;
    const [outcome] = this.shop.batch(command);
    if (outcome?.kind === 'answered') this.note(next, accepted(outcome));
    else if (outcome?.problem.code === 'CLOCK_BEHIND') this.refused += 1;
  }

  private commandFor(next: Act): Command | null {
    const { shop } = this;
    switch (next.act) {
      case 'buy': {
        const category = next.waits ? 'order' : 'grocery';
        const lines = purchaseLines({ category, amountMinor: next.amountMinor });
        return shop.purchase(this.member(next.who), { occurredAt: shop.clock + next.told, lines });
      }
      case 'report': {
        const purchaseId = one(this.receipts, next.which);
        if (purchaseId === null) return null;
        const body = { purchaseId, type: next.type, occurredAt: shop.clock + next.told };
        return shop.command('purchase.event', { kind: 'purchase', id: purchaseId }, body, {});
      }
      case 'return': {
        const purchaseId = one(this.receipts, next.which);
        const lines = next.part === null ? [] : [requested({ lineNo: 1, amountMinor: next.part })];
        const body = { lines, whole: next.part === null, onlyPending: next.onlyPending };
        // It says when the goods came back: not before a till that is ahead sold them.
        if (purchaseId === null) return null;
        return shop.returns(purchaseId, { ...body, occurredAt: shop.clock + 5 * MINUTE });
      }
      case 'redeem': {
        const mode = next.hold === null ? 'capture' : 'authorise';
        const body = { points: next.points, mode, ...(next.hold ? { holdSeconds: next.hold } : {}) };
        return shop.redeem(this.member(next.who), body);
      }
      case 'settle': {
        const redemptionId = one(this.redemptions, next.which);
        if (redemptionId === null) return null;
        return next.how === 'void' ? shop.void(redemptionId) : shop[next.how](redemptionId, next.points);
      }
      default:
        return this.adjustmentOrMove(next);
    }
  }

  private adjustmentOrMove(next: Act): Command | null {
    const { shop } = this;
    switch (next.act) {
      case 'adjust': {
        const occurredAt = next.kind === 'credit' ? shop.clock + next.told : null;
        return order(this.member(next.who), shop, { kind: next.kind, points: next.points, occurredAt });
      }
      case 'apologise': {
        const occurredAt = shop.clock + next.told;
        const body = { points: next.points, reason: 'late-order', origin: 'sale_compensation' } as const;
        return order(this.member(next.who), shop, { ...body, occurredAt });
      }
      case 'send':
        return sends(shop, this.member(next.who), this.member(next.to), next.points);
      case 'merge':
        return next.seldom ? merges(shop, this.member(next.who), this.member(next.to)) : null;
      case 'household': {
        const member = this.member(next.who);
        if (this.household === null) return opensHousehold(shop, member);
        const isIn = shop.present(member).accountId === accountOf(this.household);
        return isIn ? leaves(shop, member, this.household, next.split) : joins(shop, member, this.household);
      }
      default:
        throw new Error(`no command for ${next.act}`);
    }
  }

  private note({ act: done }: Act, answer: Answer): void {
    if (done === 'buy') this.receipts.push(answer['id'] as string);
    if (done === 'redeem') this.redemptions.push(answer['id'] as string);
    if (done === 'household') this.household = answer['closed'] === true ? null : (answer['id'] as string);
  }

  private member(pick: number): Person {
    return this.shop.present(this.members[pick] as Person);
  }
}

function one(list: readonly string[], pick: number): string | null {
  return list[pick % Math.max(1, list.length)] ?? null;
}

const accountOf = (householdId: string) => householdId.replace('hsh_', 'acc_');

/** Whatever moved between accounts left the one when it came to the other: by every clock it cancels out. */
function expectTransfersToCancelOut(shop: Shop): void {
  for (const clock of ['occurredAt', 'recordedAt', 'postingDate'] as const) {
    const sums = new Map<string | number, bigint>();
    for (const { eventCode, liability, [clock]: at } of shop.movements())
      if (eventCode === 'E19') sums.set(at, (sums.get(at) ?? 0n) + liability);
    expect([...sums].filter(([, sum]) => sum !== 0n)).toEqual([]);
  }
}

const step = fc.record({ tick, act });

describe('whatever instant or day is asked for, by whichever clock,', () => {
  it('no bucket and no liability is negative, whatever tills and the server’s clock say', () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 4, maxLength: 30, size: 'max' }), (steps) => {
        const story = new Story();
        for (const { tick: passes, act: next } of steps) {
          story.shop.pass(passes);
          story.carryOut(next);
        }
        expectNothingNegative(story.shop.movements());
        expectTransfersToCancelOut(story.shop);
        refused += story.refused;
      }),
      { numRuns: RUNS },
    );
    // The clock did go back too far.
    expect(refused).toBeGreaterThan(0);
  });
});
