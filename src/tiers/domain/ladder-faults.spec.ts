import { ladder } from '../../../test/builders/tiers.js';
import { ladderFaults } from './ladder-faults.js';
import type { Tier, TierSet } from './tier-set.js';

const YEAR = { type: 'calendar', unit: 'year' } as const;
const ENDS = { type: 'months', months: 12 } as const;
const spends = (value: number) => ({ type: 'measure', measure: 'spend', window: YEAR, value }) as const;
const tier = (key: string, threshold: number, more: Partial<Tier> = {}): Tier => ({
  ...{ key, name: key, threshold },
  ...more,
});

const found = (tiers: readonly Tier[], more: Partial<TierSet> = {}) =>
  ladderFaults(ladder({ tiers, ...more })).map(({ pointer, code }) => `${code} ${pointer}`);

describe('a ladder with time that cannot be meant', () => {
  const basic = tier('basic', 0);

  it('ends, closes or keeps its first tier', () => {
    const first = tier('basic', 0, { keep: spends(1), validity: ENDS, noDowngrade: true, retired: {} });
    expect(found([first])).toEqual(
      ['keep', 'validity', 'noDowngrade', 'retired'].map((field) => `FIRST_TIER /tiers/0/${field}`),
    );
  });

  it('hands members over to a tier that is not there, is retired, or is the same', () => {
    const retired = (successor: string) => tier('silver', 100, { retired: { successor } });
    for (const successor of ['bronze', 'old', 'silver'])
      expect(found([basic, retired(successor), tier('old', 200, { retired: {} })])).toEqual([
        'NO_SUCCESSOR /tiers/1/retired/successor',
      ]);
    expect(found([basic, retired('gold'), tier('gold', 200)])).toEqual([]);
  });

  it('counts over a validity that has no end', () => {
    const keep = { ...spends(50), window: { type: 'validity' } } as const;
    const silver = (more: Partial<Tier>) => [basic, tier('silver', 100, { keep, ...more })];
    expect(found(silver({}))).toEqual(['NO_END /tiers/1/keep']);
    expect(found(silver({ validity: { type: 'whileQualified' } }))).toEqual(['NO_END /tiers/1/keep']);
    expect(found(silver({}), { validity: ENDS })).toEqual([]);
  });

  it('has a grace and evaluates nothing', () => {
    expect(found([basic, tier('silver', 100)], { grace: { days: 5 } })).toEqual(['NO_END /grace']);
    expect(found([basic, tier('silver', 100)], { grace: { days: 5 }, validity: ENDS })).toEqual([]);
  });

  it('asks a higher tier for no more of the same', () => {
    const reaches = (key: string, value: number) => tier(key, 0, { reach: spends(value) });
    expect(found([basic, reaches('silver', 100), reaches('gold', 100)])).toEqual(['NOT_A_LADDER /tiers/2']);
    // Over another window less may be more.
    expect(found([basic, reaches('silver', 100), tier('gold', 50)])).toEqual([]);
  });
});
