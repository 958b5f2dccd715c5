import { emptyLedger, lot, lotId } from '../../../test/builders/ledger.js';
import { NumberedIds, numberedId } from '../../../test/builders/ids.js';
import type { Lot } from './lot.js';
import { withOpenLots } from './ledger-state.js';
import { openParts, planChildren, type ChildTerms, type OpenPart } from './children.js';

const keep: ChildTerms = { memberId: null, expiry: 'keep' };
const someone = numberedId('mbr', 9);
const part = (points: number, from: OpenPart['from'] = 'available', number = 1): OpenPart => ({
  lotId: lotId(number),
  from,
  points,
});

function plan(lots: readonly Lot[], parts: readonly OpenPart[], terms: ChildTerms = keep) {
  const state = { lots: new Map(lots.map((item) => [item.lotId, item])) };
  return planChildren(state, parts, new NumberedIds(), terms);
}

describe('a child lot', () => {
  it('has the share that its parent releases: three thirds of a unit that cannot be split', () => {
    const parent = lot(1, { points: 3, allocated: 10n, available: 3, lines: [{ lineNo: 1, points: 3 }] });
    const { received } = plan([parent], [part(1), part(1), part(1)]);
    expect(received.map(({ allocated }) => allocated)).toEqual([3n, 4n, 3n]);
  });

  it('keeps what it was granted with: cohort, rule, receipt, valuation', () => {
    const parent = lot(1, {
      ...{ earnedAt: 5, availableAt: 7, expiresAt: 9, origin: 'sale_compensation' },
      ...{ movedAt: 8, movedOn: '2026-03-10' },
      buyer: { memberId: someone, homeAccountId: numberedId('acc', 9) },
    });
    const { rule, purchaseId, valuation, memberId, buyer } = parent;
    expect(plan([parent], [part(40)]).received).toEqual([
      {
        ...{ lotId: lotId(1), origin: 'sale_compensation', rule, purchaseId, valuation, memberId, buyer },
        ...{ points: 40, allocated: 3_600_000n, lines: [{ lineNo: 1, points: 40 }] },
        ...{ earnedAt: 5, availableAt: 7, expiresAt: 9, slides: false, state: 'available' },
        ...{ awaits: null, expiryPolicy: { type: 'never' } },
        ...{ parentLotId: lotId(1), rootLotId: lotId(1), movedAt: 8, movedOn: '2026-03-10' },
      },
    ]);
  });

  it('knows the first of its line', () => {
    const parent = lot(2, { parentLotId: lotId(1), rootLotId: lotId(1) });
    expect(plan([parent], [part(1, 'available', 2)]).received[0]).toMatchObject({
      parentLotId: lotId(2),
      rootLotId: lotId(1),
    });
  });

  it('goes on waiting for what its parent waits for', () => {
    const awaits = {
      event: 'delivered',
      thenDays: 14,
      cancelAt: 99,
      expiryPolicy: { type: 'months', months: 12 },
    } as const;
    const parent = lot(1, { available: 0, undelivered: 100, awaits });
    expect(plan([parent], [part(100, 'undelivered')]).received[0]).toMatchObject({
      state: 'undelivered',
      awaits: { event: 'delivered', thenDays: 14, cancelAt: 99 },
      expiryPolicy: { type: 'months', months: 12 },
      allocated: 9_000_000n,
    });
  });

  it('of points not owed yet has what the parent would have come to owe', () => {
    const parent = lot(1, { points: 3, allocated: 10n, available: 1, undelivered: 2 });
    const { sent, received } = plan([parent], [part(1), part(2, 'undelivered')]);
    expect(sent.map(({ from }) => from)).toEqual(['undelivered', 'available']);
    expect(received.map(({ allocated }) => allocated)).toEqual([7n, 3n]);
  });

  it('belongs to somebody else where that is said', () => {
    const terms = { memberId: someone, expiry: 'keep' } as const;
    expect(plan([lot(1)], [part(1)], terms).received[0]?.memberId).toBe(someone);
  });

  it.each([
    ['keeps a date', { expiresAt: 9 }, 'keep', { expiresAt: 9, slides: false }],
    ['slides on', { expiresAt: 9, slides: true }, 'keep', { expiresAt: null, slides: true }],
    ['ends when it would have', { expiresAt: 9, slides: true }, 'fix', { expiresAt: 9, slides: false }],
    ['lives anew', { expiresAt: 9 }, { expiresAt: 50, slides: false }, { expiresAt: 50, slides: false }],
    [
      'slides from now on',
      { expiresAt: 9 },
      { expiresAt: null, slides: true },
      { expiresAt: null, slides: true },
    ],
  ] as const)('%s', (_, parent, expiry, expected) => {
    expect(plan([lot(1, parent)], [part(1)], { memberId: null, expiry }).received[0]).toMatchObject(expected);
  });

  it('of a lot without lines has none', () => {
    expect(plan([lot(1, { lines: [], purchaseId: null })], [part(1)]).received[0]?.lines).toEqual([]);
  });

  it('leaves out lines that none of its points go to', () => {
    const lines = [
      { lineNo: 1, points: 99 },
      { lineNo: 2, points: 1 },
    ];
    expect(plan([lot(1, { lines })], [part(1)]).received[0]?.lines).toEqual([{ lineNo: 1, points: 1 }]);
  });

  it('cannot have more than its parent, nor come from nowhere', () => {
    expect(() => plan([lot(1)], [part(60), part(41)])).toThrow('has 40 points available, not 41');
    expect(() => plan([], [part(1)])).toThrow('is not loaded');
  });
});

describe('the open parts of an account', () => {
  it('are all that is not on hold and not gone', () => {
    const lots = [
      lot(1, { points: 10, available: 1, pending: 2, undelivered: 3, held: 4 }),
      lot(2, { points: 10, available: 0, redeemed: 10 }),
      lot(3, { points: 5, available: 5 }),
    ];
    const state = withOpenLots(emptyLedger(), lots);
    expect(openParts(state)).toEqual([
      part(3, 'undelivered'),
      part(2, 'pending'),
      part(1),
      part(5, 'available', 3),
    ]);
  });
});
