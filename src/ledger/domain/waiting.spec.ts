import { emptyLedger, lot, lotId, ZONE } from '../../../test/builders/ledger.js';
import type { Awaiting, Lot } from './lot.js';
import { withOpenLots } from './ledger-state.js';
import { planComingOfAge, termsAfterEvent, waitingPoints } from './waiting.js';

function awaiting(overrides: Partial<Awaiting> = {}): Awaiting {
  return {
    event: 'delivered',
    thenDays: 0,
    cancelAt: 5000,
    expiryPolicy: { type: 'days', days: 30 },
    ...overrides,
  };
}

/** A lot none of whose points is usable yet. */
function waitingLot(number: number, overrides: Partial<Lot> = {}): Lot {
  return lot(number, { available: 0, pending: 100, availableAt: 1000, ...overrides });
}

const account = (...lots: readonly Lot[]) => withOpenLots(emptyLedger({ complete: false }), lots);

describe('the points of a lot that wait', () => {
  it('are told by the bucket they wait in', () => {
    expect(waitingPoints(lot(1, { undelivered: 20, pending: 30, available: 50 }))).toEqual([
      { lotId: lotId(1), from: 'undelivered', points: 20 },
      { lotId: lotId(1), from: 'pending', points: 30 },
    ]);
    expect(waitingPoints(lot(1, { pending: 1 }))).toEqual([{ lotId: lotId(1), from: 'pending', points: 1 }]);
    expect(waitingPoints(lot(1))).toEqual([]);
  });
});

describe('points that come of age', () => {
  it('become usable from their first instant on, with the end their lot has', () => {
    const state = account(waitingLot(1, { expiresAt: 9000 }));
    expect(planComingOfAge(state, 999)).toEqual([]);
    expect(planComingOfAge(state, 1000)).toEqual([
      {
        at: 1000,
        activated: [{ lotId: lotId(1), from: 'pending', points: 100, availableAt: 1000, expiresAt: 9000 }],
        cancelled: [],
      },
    ]);
  });

  it('have no end of their own where it slides', () => {
    const sliding = withOpenLots(emptyLedger({ complete: false, slidingExpiresAt: 9000 }), [
      waitingLot(1, { slides: true }),
    ]);
    expect(planComingOfAge(sliding, 1000)[0]?.activated).toMatchObject([{ expiresAt: null }]);
  });

  it('lapse where what they awaited did not come in time', () => {
    const state = account(waitingLot(1, { awaits: awaiting(), pending: 60, undelivered: 40 }));
    expect(planComingOfAge(state, 4999)).toEqual([]);
    expect(planComingOfAge(state, 5000)).toEqual([
      {
        at: 5000,
        activated: [],
        cancelled: [
          { lotId: lotId(1), from: 'undelivered', points: 40 },
          { lotId: lotId(1), from: 'pending', points: 60 },
        ],
      },
    ]);
  });

  it('do so instant by instant, earliest first, and those of one instant together', () => {
    const state = account(
      waitingLot(1, { availableAt: 3000 }),
      waitingLot(2),
      waitingLot(3, { awaits: awaiting({ cancelAt: 3000 }) }),
      waitingLot(4, { availableAt: 3000 }),
      waitingLot(5, { availableAt: 8000 }),
      lot(6, { availableAt: 1000 }),
    );
    const plan = planComingOfAge(state, 3000).map(({ at, activated, cancelled }) => ({
      at,
      activated: activated.map((item) => item.lotId),
      cancelled: cancelled.map((item) => item.lotId),
    }));
    expect(plan).toEqual([
      { at: 1000, activated: [lotId(2)], cancelled: [] },
      { at: 3000, activated: [lotId(1), lotId(4)], cancelled: [lotId(3)] },
    ]);
  });
});

describe('the terms of points whose awaited event came', () => {
  const cameAt = Date.parse('2026-03-10T15:00:00+01:00');

  it('make them usable at once, to live from then on', () => {
    expect(termsAfterEvent(waitingLot(1, { awaits: awaiting() }), cameAt, ZONE)).toEqual({
      availableAt: cameAt,
      expiresAt: Date.parse('2026-04-10T00:00:00+02:00'),
    });
  });

  it('make them usable after whole days, and their life begins only then', () => {
    const inTenDays = awaiting({ thenDays: 10, expiryPolicy: { type: 'months', months: 1 } });
    expect(termsAfterEvent(waitingLot(1, { awaits: inTenDays }), cameAt, ZONE)).toEqual({
      availableAt: Date.parse('2026-03-21T00:00:00+01:00'),
      expiresAt: Date.parse('2026-04-22T00:00:00+02:00'),
    });
  });

  it('stay as they are where none is awaited', () => {
    expect(termsAfterEvent(waitingLot(1, { expiresAt: 9000 }), cameAt, ZONE)).toEqual({
      availableAt: 1000,
      expiresAt: 9000,
    });
    expect(termsAfterEvent(waitingLot(1, { expiresAt: 9000, slides: true }), cameAt, ZONE)).toEqual({
      availableAt: 1000,
      expiresAt: null,
    });
  });
});
