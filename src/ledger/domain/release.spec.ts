import { lot, lotId, ZONE } from '../../../test/builders/ledger.js';
import type { Awaiting, Lot } from './lot.js';
import { planActivation, planAwaitedEvent } from './waiting.js';

const EARNED = Date.parse('2026-01-30T12:00:00+01:00');
const DELIVERED = Date.parse('2026-02-02T14:00:00+01:00');

/** 100 points whose goods are on their way, and which live 30 days from the 10th on which they become usable. */
function ordered(number: number, awaits: Partial<Awaiting> = {}, overrides: Partial<Lot> = {}): Lot {
  return lot(number, {
    available: 0,
    undelivered: 100,
    earnedAt: EARNED,
    availableAt: EARNED,
    awaits: {
      event: 'delivered',
      thenDays: 7,
      cancelAt: Date.parse('2026-04-01T00:00:00+02:00'),
      expiryPolicy: { type: 'days', days: 30 },
      ...awaits,
    },
    ...overrides,
  });
}

const USABLE = Date.parse('2026-02-10T00:00:00+01:00');
const OVER = Date.parse('2026-03-13T00:00:00+01:00');

describe('what comes of an awaited event', () => {
  it('sets when the points become usable and until when, where they wait a while longer', () => {
    expect(planAwaitedEvent([ordered(1)], DELIVERED, DELIVERED, ZONE)).toEqual({
      steps: [
        {
          type: 'points.delivered',
          at: DELIVERED,
          lots: [{ lotId: lotId(1), from: 'undelivered', points: 100, availableAt: USABLE, expiresAt: OVER }],
        },
      ],
      slidingExpiresAt: null,
    });
  });

  it('makes the points usable at once where nothing more is waited for', () => {
    const { steps } = planAwaitedEvent([ordered(1, { thenDays: 0 })], DELIVERED, DELIVERED, ZONE);
    expect(steps).toMatchObject([
      { type: 'points.activated', at: DELIVERED, lots: [{ from: 'undelivered', availableAt: DELIVERED }] },
    ]);
  });

  it('does both for lots of one receipt with different terms', () => {
    const lots = [ordered(1), ordered(2, { thenDays: 0 })];
    const { steps } = planAwaitedEvent(lots, DELIVERED, DELIVERED, ZONE);
    expect(steps.map(({ type, lots: parts }) => [type, parts.map((part) => part.lotId)])).toEqual([
      ['points.delivered', [lotId(1)]],
      ['points.activated', [lotId(2)]],
    ]);
  });

  it('makes points usable on their day when it is reported after that day', () => {
    const { steps } = planAwaitedEvent([ordered(1)], DELIVERED, USABLE, ZONE);
    expect(steps).toMatchObject([
      { type: 'points.delivered', at: DELIVERED, lots: [{ from: 'undelivered' }] },
      { type: 'points.activated', at: USABLE, lots: [{ from: 'pending', expiresAt: OVER }] },
    ]);
    expect(planAwaitedEvent([ordered(1)], DELIVERED, USABLE - 1, ZONE).steps).toHaveLength(1);
  });

  it('makes points of different days usable day by day', () => {
    const lots = [ordered(1, { thenDays: 9 }), ordered(2, { thenDays: 3 })];
    const { steps } = planAwaitedEvent(lots, DELIVERED, OVER, ZONE);
    expect(steps.slice(1).map(({ lots: parts }) => parts[0]?.lotId)).toEqual([lotId(2), lotId(1)]);
  });

  it('is not before the points were earned', () => {
    const { steps } = planAwaitedEvent([ordered(1, { thenDays: 0 })], EARNED - 1, DELIVERED, ZONE);
    expect(steps[0]?.at).toBe(EARNED);
  });

  it('brings along the furthest end of points that slide', () => {
    const days = (length: number) => ({ expiryPolicy: { type: 'sliding', days: length } as const });
    const lots = [ordered(1, days(10), { slides: true }), ordered(2, days(5), { slides: true }), ordered(3)];
    const { slidingExpiresAt, steps } = planAwaitedEvent(lots, DELIVERED, DELIVERED, ZONE);
    expect(slidingExpiresAt).toBe(Date.parse('2026-02-21T00:00:00+01:00'));
    expect(steps[0]?.lots.map(({ expiresAt }) => expiresAt)).toEqual([null, null, OVER]);
  });
});

describe('making a lot usable by hand', () => {
  const now = Date.parse('2026-02-05T12:00:00+01:00');

  it('counts the life of what awaited an event from now', () => {
    expect(planActivation(ordered(1), now, ZONE)).toEqual({
      steps: [
        {
          type: 'points.activated',
          at: now,
          lots: [
            {
              lotId: lotId(1),
              from: 'undelivered',
              points: 100,
              availableAt: now,
              expiresAt: Date.parse('2026-03-08T00:00:00+01:00'),
            },
          ],
        },
      ],
      slidingExpiresAt: null,
    });
  });

  it('keeps an end that was fixed, and none of what slides', () => {
    const dated = ordered(1, {}, { awaits: null, undelivered: 0, pending: 100, expiresAt: OVER });
    expect(planActivation(dated, now, ZONE).steps[0]?.lots[0]).toMatchObject({ expiresAt: OVER });
    const sliding = { ...dated, slides: true };
    expect(planActivation(sliding, now, ZONE).steps[0]?.lots[0]).toMatchObject({ expiresAt: null });
  });

  it('does nothing to a lot of which nothing waits', () => {
    expect(planActivation(lot(1), now, ZONE)).toEqual({ steps: [], slidingExpiresAt: null });
  });
});
