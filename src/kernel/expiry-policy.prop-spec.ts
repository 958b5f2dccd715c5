import fc from 'fast-check';
import { expiryOf, slidingExpiryOf, type CalendarDuration, type ExpiryPolicy } from './expiry-policy.js';
import { activationOf, type PendingPolicy } from './pending-policy.js';
import { localDate, startOfDay } from './time.js';

const zone = fc.constantFrom('Europe/Warsaw', 'Asia/Taipei', 'America/New_York', 'Atlantic/Azores', 'UTC');
const instant = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) });
const monthDay = fc.constantFrom('01-01', '02-28', '02-29', '06-30', '12-31');

const duration: fc.Arbitrary<CalendarDuration> = fc.oneof(
  fc.integer({ min: 1, max: 800 }).map((days) => ({ days })),
  fc.integer({ min: 1, max: 36 }).map((months) => ({ months })),
);

const dated: fc.Arbitrary<ExpiryPolicy> = fc.oneof(
  fc.integer({ min: 1, max: 800 }).map((days) => ({ type: 'days' as const, days })),
  fc.integer({ min: 1, max: 36 }).map((months) => ({ type: 'months' as const, months })),
  fc
    .record({ unit: fc.constantFrom('month', 'quarter', 'half', 'year'), after: fc.option(duration) })
    .map(({ unit, after }) => ({ type: 'endOf' as const, unit, ...(after ? { after } : {}) })),
  fc
    .record({
      date: fc.oneof(monthDay, fc.constant('2028-02-29')),
      minimumDays: fc.integer({ min: 0, max: 60 }),
    })
    .map((fields) => ({ type: 'fixedDate' as const, ...fields })),
);

const pending: fc.Arbitrary<PendingPolicy> = fc.oneof(
  fc.constant({ type: 'none' as const }),
  fc.integer({ min: 1, max: 90 }).map((days) => ({ type: 'days' as const, days })),
  fc.uniqueArray(monthDay, { minLength: 1 }).map((dates) => ({ type: 'dates' as const, dates })),
);

/** Whether an instant is the first of a day in the zone. */
function beginsDay(at: number, timeZone: string): boolean {
  return startOfDay(localDate(at, timeZone), timeZone) === at;
}

describe('the end of points, whatever the policy, the day and the zone', () => {
  it('is the end of a day, theirs or a later one', () => {
    fc.assert(
      fc.property(dated, instant, zone, (policy, at, timeZone) => {
        const end = expiryOf(policy, at, timeZone) as number;
        expect(end).toBeGreaterThan(at);
        expect(beginsDay(end, timeZone)).toBe(true);
      }),
    );
  });

  it('is the same for all points of a day, and never earlier for those of a later one', () => {
    fc.assert(
      fc.property(dated, instant, fc.integer({ min: 0, max: 900 }), zone, (policy, at, days, timeZone) => {
        const end = expiryOf(policy, at, timeZone) as number;
        expect(expiryOf(policy, startOfDay(localDate(at, timeZone), timeZone), timeZone)).toBe(end);
        expect(expiryOf(policy, at + days * 86_400_000, timeZone)).toBeGreaterThanOrEqual(end);
      }),
    );
  });

  it('slides with the activity as a fixed length would', () => {
    fc.assert(
      fc.property(duration, instant, zone, (length, at, timeZone) => {
        const fixed: ExpiryPolicy = length.days
          ? { type: 'days', days: length.days }
          : { type: 'months', months: length.months as number };
        expect(slidingExpiryOf({ type: 'sliding', ...length }, at, timeZone)).toBe(
          expiryOf(fixed, at, timeZone),
        );
      }),
    );
  });
});

describe('the activation of points, whatever the policy, the day and the zone', () => {
  it('is the receipt or the beginning of a later day, and never earlier for a later receipt', () => {
    fc.assert(
      fc.property(pending, instant, fc.integer({ min: 0, max: 900 }), zone, (policy, at, days, timeZone) => {
        const usable = activationOf(policy, at, timeZone) as number;
        if (policy.type === 'none') expect(usable).toBe(at);
        else {
          expect(usable).toBeGreaterThan(at);
          expect(beginsDay(usable, timeZone)).toBe(true);
        }
        expect(activationOf(policy, at + days * 86_400_000, timeZone)).toBeGreaterThanOrEqual(usable);
      }),
    );
  });
});
