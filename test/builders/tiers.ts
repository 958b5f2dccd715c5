import { numberedId } from './ids.js';
import type { QualifyingDay } from '../../src/tiers/domain/counted-day.js';
import type { StandingState, TierChange } from '../../src/tiers/domain/standing.js';
import type { TierSet } from '../../src/tiers/domain/tier-set.js';

/** Basic 0, Silver 100, Gold 500, Platinum 1000 over the last twelve months' spend in minor units. */
export function ladder(overrides: Partial<TierSet> = {}): TierSet {
  return {
    measure: 'spend',
    window: { type: 'rolling', months: 12 },
    tiers: [
      { key: 'basic', name: 'Basic', threshold: 0 },
      { key: 'silver', name: 'Silver', threshold: 100 },
      { key: 'gold', name: 'Gold', threshold: 500 },
      { key: 'platinum', name: 'Platinum', threshold: 1000 },
    ],
    ...overrides,
  };
}

export function qualifyingDay(overrides: Partial<QualifyingDay> = {}): QualifyingDay {
  return { spendMinor: 0, points: 0, visits: 1, status: 0, ...overrides };
}

/** A member who spent so much on these days and whose tier changed so often. */
export function standing(
  spentOn: Readonly<Record<string, number>> = {},
  changes: readonly TierChange[] = [],
): StandingState {
  return {
    homeAccountId: numberedId('acc', 1),
    enrolledAt: Date.parse('2020-01-01T00:00:00Z'),
    daysFrom: '1900-01-01',
    days: new Map(Object.entries(spentOn).map(([day, spendMinor]) => [day, qualifyingDay({ spendMinor })])),
    changes,
    place: null,
    placeVersion: null,
    dueAt: null,
    placed: false,
    newDays: new Map(),
    newChanges: [],
  };
}

export function tierChange(to: string, since: string, overrides: Partial<TierChange> = {}): TierChange {
  return {
    sequence: 1,
    from: 'basic',
    to,
    since: Date.parse(since),
    recordedAt: Date.parse(since),
    tierSet: { id: 'main', version: 1 },
    purchaseId: null,
    returnId: null,
    cause: null,
    ...overrides,
  };
}
