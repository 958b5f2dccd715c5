import fc from 'fast-check';
import { grant, lotId, LedgerStory } from '../../../test/builders/ledger.js';
import { NumberedIds, numberedId } from '../../../test/builders/ids.js';
import { expectLedgerToAddUp } from '../../../test/invariants/ledger.js';
import type { Cause } from '../../kernel/domain-events.js';
import { openParts, planChildren, type OpenPart } from './children.js';
import type { GrantState } from './lot-grant.js';
import { lotLiability, openPoints } from './lot.js';
import { carryingAmount } from './carrying-amount.js';
import type { LedgerState } from './ledger-state.js';

const cause: Cause = { type: 'transfer', id: numberedId('trf', 1) };
const keep = { memberId: null, expiry: 'keep' } as const;

interface Drawn {
  readonly points: number;
  readonly allocated: bigint;
  readonly state: GrantState;
  /** Shares of what is left, in thousandths: redeemed before, then the parts that go. */
  readonly redeemed: number;
  readonly going: readonly number[];
}

const drawnLot: fc.Arbitrary<Drawn> = fc.record({
  points: fc.integer({ min: 1, max: 5000 }),
  allocated: fc.bigInt({ min: 0n, max: 90_000_000n }),
  state: fc.constantFrom<GrantState>('available', 'pending', 'undelivered'),
  redeemed: fc.integer({ min: 0, max: 1000 }),
  going: fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 4 }),
});

/** An account with these lots, and the parts of them that are to go. */
function accountOf(drawn: readonly Drawn[]): { story: LedgerStory; parts: readonly OpenPart[] } {
  const story = new LedgerStory();
  const parts: OpenPart[] = [];
  for (const [index, { points, allocated, state, redeemed, going }] of drawn.entries()) {
    const number = index + 1;
    const lines = [
      { lineNo: 1, points: Math.floor(points / 3) },
      { lineNo: 2, points: points - Math.floor(points / 3) },
    ];
    story.granted(grant(number, { points, allocated, state, lines }));
    let left = points;
    const used = state === 'available' ? Math.floor((left * redeemed) / 1000) : 0;
    if (used > 0) story.redeemed('available', { lotId: lotId(number), points: used });
    left -= used;
    for (const share of going) {
      const part = Math.floor((left * share) / 1000);
      if (part > 0) parts.push({ lotId: lotId(number), from: state, points: part });
      left -= part;
    }
  }
  return { story, parts };
}

function liabilityOf({ lots }: LedgerState): bigint {
  return [...lots.values()].reduce((sum, lot) => sum + lotLiability(lot), 0n);
}

/** What is owed and what would come to be. */
function promisesOf({ lots }: LedgerState): bigint {
  return [...lots.values()].reduce((sum, lot) => sum + carryingAmount(lot, lot.points - openPoints(lot)), 0n);
}

function openOf({ lots }: LedgerState): number {
  return [...lots.values()].reduce((sum, lot) => sum + openPoints(lot), 0);
}

describe('points that change accounts', () => {
  it('take along exactly the money their lots release, to the last unit, however they are cut', () => {
    fc.assert(
      fc.property(fc.array(drawnLot, { minLength: 1, maxLength: 5 }), (drawn) => {
        const { story, parts } = accountOf(drawn);
        const other = new LedgerStory();
        const before = [liabilityOf(story.state), promisesOf(story.state), openOf(story.state)] as const;
        const { sent, received } = planChildren(story.state, parts, new NumberedIds(), keep);
        if (sent.length > 0) {
          story.apply('points.sent', { cause, lots: sent });
          other.apply('lots.received', { cause, lots: received });
        }
        expect(liabilityOf(story.state) + liabilityOf(other.state)).toBe(before[0]);
        expect(promisesOf(story.state) + promisesOf(other.state)).toBe(before[1]);
        expect(openOf(story.state) + openOf(other.state)).toBe(before[2]);
        expectLedgerToAddUp(story.state);
        expectLedgerToAddUp(other.state);
      }),
    );
  });

  it('post what each child is allocated, part for part, once it is owed', () => {
    fc.assert(
      fc.property(fc.array(drawnLot, { minLength: 1, maxLength: 5 }), (drawn) => {
        const { story, parts } = accountOf(drawn);
        const { sent, received } = planChildren(story.state, parts, new NumberedIds(), keep);
        const before = story.state.movements.length;
        if (sent.length > 0) story.apply('points.sent', { cause, lots: sent });
        const posted = story.state.movements.slice(before).map(({ liability }) => -liability);
        const owed = received.map(({ allocated, state }) => (state === 'undelivered' ? 0n : allocated));
        expect(posted).toEqual(owed);
      }),
    );
  });

  it('keep their attribution to lines, which adds up to them', () => {
    fc.assert(
      fc.property(fc.array(drawnLot, { minLength: 1, maxLength: 3 }), (drawn) => {
        const { story, parts } = accountOf(drawn);
        const { received } = planChildren(story.state, parts, new NumberedIds(), keep);
        for (const { points, lines } of received) {
          expect(lines.reduce((sum, line) => sum + line.points, 0)).toBe(points);
        }
      }),
    );
  });

  it('leave nothing owed behind when all of them go', () => {
    fc.assert(
      fc.property(fc.array(drawnLot, { minLength: 1, maxLength: 5 }), (drawn) => {
        const { story } = accountOf(drawn);
        const before = liabilityOf(story.state);
        const all = openParts(story.state);
        const { sent, received } = planChildren(story.state, all, new NumberedIds(), keep);
        const other = new LedgerStory();
        if (sent.length > 0) {
          story.apply('points.sent', { cause, lots: sent });
          other.apply('lots.received', { cause, lots: received });
        }
        expect([openOf(story.state), liabilityOf(story.state)]).toEqual([0, 0n]);
        expect(liabilityOf(other.state)).toBe(before);
        expect(other.state.lifetimeEarned).toBe(0);
      }),
    );
  });
});
