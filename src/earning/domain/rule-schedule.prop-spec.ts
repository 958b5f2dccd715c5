import fc from 'fast-check';
import { DateTime } from 'luxon';
import { isInSchedule, prepareSchedule, type RuleSchedule } from './rule-schedule.js';

const ZONES = [
  'Europe/Warsaw',
  'Asia/Taipei',
  'America/New_York',
  'Australia/Lord_Howe',
  'Atlantic/Azores',
  'Africa/Cairo',
];
const MINUTE_MS = 60_000;

const minute = fc.integer({ min: 0, max: 1439 });
const clock = (value: number) =>
  `${String(Math.floor(value / 60)).padStart(2, '0')}:${String(value % 60).padStart(2, '0')}`;
const day = fc
  .integer({ min: Date.UTC(2026, 0, 1) / 86_400_000, max: Date.UTC(2027, 11, 31) / 86_400_000 })
  .map((number) => new Date(number * 86_400_000).toISOString().slice(0, 10));

const schedule: fc.Arbitrary<RuleSchedule> = fc.record({
  weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 7 }),
  hours: fc.array(
    fc
      .tuple(minute, fc.integer({ min: 0, max: 1440 }))
      .filter(([from, to]) => from !== to)
      .map(([from, to]) => ({ from: clock(from), to: clock(to) })),
    { maxLength: 3 },
  ),
  recurrences: fc.constant([]),
  blackOuts: fc.array(
    fc
      .tuple(day, day)
      .map(([one, other]) => (one < other ? { from: one, until: other } : { from: other, until: one })),
    { maxLength: 2 },
  ),
});

/** Days around the changes of clocks of the zones, to the quarter hour, and others. */
const instant = fc
  .oneof(
    fc.integer({ min: Date.UTC(2026, 0, 2) / 900_000, max: Date.UTC(2027, 11, 30) / 900_000 }),
    fc
      .tuple(
        fc.constantFrom(
          '2026-03-08',
          '2026-03-29',
          '2026-10-25',
          '2026-11-01',
          '2026-04-05',
          '2026-10-04',
          '2026-04-24',
          '2026-10-30',
        ),
        fc.integer({ min: -100, max: 196 }),
      )
      .map(([at, quarters]) => Date.parse(at) / 900_000 + quarters),
  )
  .map((quarter) => quarter * 900_000 + 7 * MINUTE_MS);

/**
 * Slowly and by another way: walks over the minutes of the day before and of the day itself as they come on the wall,
 * and looks which of them a span that began on a day of the schedule holds.
 */
function isMeant({ weekdays, hours, blackOuts }: RuleSchedule, at: number, zone: string): boolean {
  const local = DateTime.fromMillis(at, { zone });
  const wall = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute);
  const spans = hours.length === 0 ? [{ from: '00:00', to: '24:00' }] : hours;
  return [0, 1].some((ago) => {
    const began = new Date(Date.UTC(local.year, local.month - 1, local.day - ago));
    const text = began.toISOString().slice(0, 10);
    const weekday = ((began.getUTCDay() + 6) % 7) + 1;
    if (weekdays.length > 0 && !weekdays.includes(weekday)) return false;
    if (blackOuts.some(({ from, until }) => text >= from && text <= until)) return false;
    return spans.some(({ from, to }) => {
      const [begin, end] = [from, to].map((time) => {
        const [hour, minutes] = time.split(':').map(Number) as [number, number];
        return began.getTime() + (hour * 60 + minutes) * MINUTE_MS;
      }) as [number, number];
      return wall >= begin && wall < (end > begin ? end : end + 86_400_000);
    });
  });
}

describe('a schedule, in any zone at any instant', () => {
  it('holds what the clock on the wall says, also where clocks change', () => {
    fc.assert(
      fc.property(schedule, instant, fc.constantFrom(...ZONES), (made, at, zone) => {
        const prepared = prepareSchedule(made, () => []);
        expect(isInSchedule(prepared, at, zone)).toBe(isMeant(made, at, zone));
      }),
      { numRuns: 2000 },
    );
  });
});
