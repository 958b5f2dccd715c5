import * as fc from 'fast-check';
import { formatInstant } from '../../kernel/time.js';
import {
  describeSchedule,
  firstRun,
  isDue,
  LONGEST_JITTER_MS,
  nextAfterFailure,
  nextRun,
  requireSchedule,
  RETRY_MS,
  type Schedule,
} from './schedule.js';

const at = (time: string, zone = 'Europe/Berlin'): Schedule => ({ at: { time, zone } });
const ms = (text: string) => Date.parse(text);
const SECOND = 1000;

describe('when a job runs next', () => {
  it.each([
    ['after an interval', { every: { seconds: 5 } }, '2026-03-01T10:00:00Z', '2026-03-01T10:00:05.000Z'],
    [
      'of several units',
      { every: { hours: 1, minutes: 30 } },
      '2026-03-01T10:00:00Z',
      '2026-03-01T11:30:00.000Z',
    ],
    ['later the same day', at('02:30'), '2026-03-01T00:00:00Z', '2026-03-01T01:30:00.000Z'],
    ['tomorrow, where it is past', at('02:30'), '2026-03-01T01:30:00Z', '2026-03-02T01:30:00.000Z'],
    [
      'in a zone ahead of UTC',
      at('02:30', 'Asia/Taipei'),
      '2026-03-01T18:29:59Z',
      '2026-03-01T18:30:00.000Z',
    ],
    [
      'as much later as clocks are set ahead',
      at('02:30'),
      '2026-03-28T12:00:00Z',
      '2026-03-29T01:30:00.000Z',
    ],
    ['at its time again on the day after', at('02:30'), '2026-03-29T01:30:00Z', '2026-03-30T00:30:00.000Z'],
    [
      'at the first of two times where clocks are set back',
      at('02:30'),
      '2026-10-24T12:00:00Z',
      '2026-10-25T00:30:00.000Z',
    ],
    ['not at the second', at('02:30'), '2026-10-25T00:30:00Z', '2026-10-26T01:30:00.000Z'],
    [
      'by the clocks of the afternoon of such a day',
      at('14:00'),
      '2026-10-25T00:30:00Z',
      '2026-10-25T13:00:00.000Z',
    ],
    [
      'where midnight itself is skipped',
      at('00:30', 'America/Santiago'),
      '2026-09-05T12:00:00Z',
      '2026-09-06T04:30:00.000Z',
    ],
    [
      'where a whole day is skipped',
      at('12:00', 'Pacific/Apia'),
      '2011-12-30T05:00:00Z',
      '2011-12-30T22:00:00.000Z',
    ],
  ] as const)('%s', (_, schedule, after, next) => {
    expect(formatInstant(nextRun(schedule, ms(after), 0))).toBe(next);
  });

  it('is put off by a tenth of the interval at most, and never by more than half a minute', () => {
    const schedules = fc.oneof(
      fc.integer({ min: 1, max: 86_400 }).map((seconds): Schedule => ({ every: { seconds } })),
      fc.constant(at('02:30')),
    );
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(schedules, random, (schedule, share) => {
        const after = ms('2026-03-01T10:00:00Z');
        const late = nextRun(schedule, after, share) - nextRun(schedule, after, 0);
        const tenth = 'every' in schedule ? (schedule.every.seconds ?? 0) * 100 : Infinity;
        expect(late).toBeGreaterThanOrEqual(0);
        expect(late).toBeLessThanOrEqual(Math.min(tenth, LONGEST_JITTER_MS));
      }),
      { seed: 15 },
    );
    const last = nextRun({ every: { seconds: 5 } }, 0, 1 - Number.EPSILON);
    expect(last).toBe(5 * SECOND + 500);
  });

  it('is at once for a new job with an interval, and at its time for a daily one', () => {
    const now = ms('2026-03-01T10:00:00Z');
    expect(firstRun({ every: { hours: 1 } }, now, 0.5)).toBe(now);
    expect(formatInstant(firstRun(at('02:30'), now, 0))).toBe('2026-03-02T01:30:00.000Z');
  });

  it('waits longer after each failure, and does not put a daily job off to the next day', () => {
    const pauses = [1, 2, 3, 5, 6, 60].map((failures) =>
      nextAfterFailure({ every: { seconds: 5 } }, 0, failures, 0),
    );
    expect(pauses.map((pause) => pause / SECOND)).toEqual([10, 20, 40, 160, 300, 300]);
    expect(nextAfterFailure({ every: { hours: 1 } }, 0, 1, 0)).toBe(3600 * SECOND);
    const night = ms('2026-03-01T01:30:00Z');
    expect(nextAfterFailure(at('02:30'), night, 1, 0) - night).toBe(RETRY_MS.first);
  });
});

describe('whether a job is due', () => {
  it.each([
    ['at its time', 0, true],
    ['after it', -1, true],
    ['before it', 1, false],
    ['planned by a clock that was set back since', 3600 * SECOND, true],
  ])('%s', (_, ahead, due) => {
    expect(isDue({ every: { seconds: 5 } }, 1_000_000 + ahead, 1_000_000)).toBe(due);
  });

  it('a failure or a long day is no clock that was set back', () => {
    expect(isDue({ every: { seconds: 5 } }, RETRY_MS.longest, 0)).toBe(false);
    expect(isDue(at('02:30'), 25.5 * 3600 * SECOND, 0)).toBe(false);
    expect(isDue(at('02:30'), 27 * 3600 * SECOND, 0)).toBe(true);
  });
});

describe('a schedule', () => {
  it('is shown as a sentence', () => {
    expect(describeSchedule({ every: { minutes: 1, seconds: 30 } })).toBe('every 90 s');
    expect(describeSchedule(at('02:30', 'Asia/Taipei'))).toBe('at 02:30 Asia/Taipei');
  });

  it.each([
    [{ every: {} }, 'positive'],
    [at('24:00'), 'no time of day'],
    [at('2:30'), 'no time of day'],
    [at('02:30', '+08:00'), 'no time zone'],
  ])('is refused where it cannot be: %j', (schedule, reason) => {
    expect(() => requireSchedule(schedule)).toThrow(reason);
  });
});
