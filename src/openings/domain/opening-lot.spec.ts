import { differenceOf, isNothing, openingFault, totalsOf, type OpeningLot } from './opening-lot.js';

const DAY = '2026-01-01';
const lot = (changes: Partial<OpeningLot> = {}): OpeningLot => ({
  source: 'old-pos',
  externalId: 'L-1',
  origin: 'purchase',
  points: 100,
  carriedMinor: 8_000,
  earnedOn: '2025-03-14',
  expiresOn: '2026-12-31',
  ...changes,
});

describe('openingFault', () => {
  it.each([
    [{}, null],
    [{ earnedOn: '2025-12-31', expiresOn: DAY }, null],
    [{ expiresOn: null }, null],
    [{ origin: 'non_purchase', carriedMinor: 0 }, null],
    [{ earnedOn: DAY }, 'OPENING_EARNED_LATER'],
    [{ expiresOn: '2025-12-31' }, 'OPENING_EXPIRED'],
    [{ origin: 'non_purchase' }, 'OPENING_CARRIES_MONEY'],
  ] as const)('of %j is %s', (changes, fault) => expect(openingFault(lot(changes), DAY)).toBe(fault));
});

describe('control totals', () => {
  it('tell what was found beyond what was stated', () => {
    const found = totalsOf([lot(), lot({ points: 1, carriedMinor: 7 })]);
    expect(found).toEqual({ lots: 2, points: 101, carriedMinor: 8_007 });
    expect(isNothing(differenceOf(found, found))).toBe(true);
    const difference = differenceOf(found, { lots: 3, points: 101, carriedMinor: 8_000 });
    expect(difference).toEqual({ lots: -1, points: 0, carriedMinor: 7 });
    expect(isNothing(difference)).toBe(false);
  });
});
