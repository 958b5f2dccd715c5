import { earningRule } from '../../../test/builders/earning-rule.js';
import { countGiven, countTakenBack, NO_COUNTERS, type EarningCounters } from './counters.js';
import type { LimitPeriod, RuleLimit } from './earning-rule.js';
import { countersFrom, isCounted, lowestCeiling, type Ceiling } from './limits.js';

function points(period: LimitPeriod, most: number): RuleLimit {
  return { period, points: most, times: null };
}

function times(period: LimitPeriod, most: number): RuleLimit {
  return { period, points: null, times: most };
}

/** What a rule gave, by day. */
function given(counts: Readonly<Record<string, number>>, ruleId = 'base'): EarningCounters {
  return Object.entries(counts).reduce(
    (counters, [day, count]) => countGiven(counters, ruleId, day, count),
    NO_COUNTERS,
  );
}

function ceiling(
  limits: readonly RuleLimit[],
  counters: EarningCounters,
  day: string,
  asked = 1_000,
): Ceiling | null {
  return lowestCeiling(earningRule({ limits }), { counters, ruleId: 'base', day }, asked);
}

describe('a limit in points', () => {
  // 2026-03-10 is a Tuesday.
  it.each<[LimitPeriod, string, string, string[], string[]]>([
    ['day', '2026-03-10', 'rule.perDay', ['2026-03-10'], ['2026-03-09', '2026-03-11']],
    ['week', '2026-03-10', 'rule.perWeek', ['2026-03-09', '2026-03-15'], ['2026-03-08', '2026-03-16']],
    ['month', '2026-03-10', 'rule.perMonth', ['2026-03-01', '2026-03-31'], ['2026-02-28', '2026-04-01']],
    ['quarter', '2026-03-10', 'rule.perQuarter', ['2026-01-01', '2026-03-31'], ['2025-12-31', '2026-04-01']],
    ['year', '2026-03-10', 'rule.perYear', ['2026-01-01', '2026-12-31'], ['2025-12-31', '2027-01-01']],
  ])('a %s counts the whole calendar period of the receipt', (period, day, name, inside, outside) => {
    for (const counted of inside) {
      expect(ceiling([points(period, 100)], given({ [counted]: 30 }), day)).toEqual({
        points: 70,
        limitedBy: name,
      });
    }
    for (const other of outside) {
      expect(ceiling([points(period, 100)], given({ [other]: 30 }), day)?.points).toBe(100);
    }
  });

  it('for ever counts every day there was', () => {
    const counters = given({ '2019-01-01': 30, '2030-01-01': 40 });
    expect(ceiling([points('total', 100)], counters, '2026-03-10')).toEqual({
      points: 30,
      limitedBy: 'rule.total',
    });
  });

  it('of a receipt looks at no counters', () => {
    expect(ceiling([points('purchase', 100)], given({ '2026-03-10': 100 }), '2026-03-10')).toEqual({
      points: 100,
      limitedBy: 'rule.perPurchase',
    });
  });

  it('counts what the rule itself gave', () => {
    const counters = given({ '2026-03-10': 100 }, 'another');
    expect(ceiling([points('day', 100)], counters, '2026-03-10')?.points).toBe(100);
  });

  it('leaves nothing where more was given before it was lowered', () => {
    expect(ceiling([points('day', 100)], given({ '2026-03-10': 130 }), '2026-03-10')?.points).toBe(0);
  });

  it('has room again for what was returned', () => {
    const counters = countTakenBack(given({ '2026-03-10': 100 }), 'base', '2026-03-10', {
      points: 40,
      whole: false,
    });
    expect(ceiling([points('month', 100)], counters, '2026-03-11')?.points).toBe(40);
  });

  it('is not counted below nothing where what is returned was not counted', () => {
    const before = given({ '2026-03-10': 100 });
    const returned = { points: 40, whole: true };
    expect(countTakenBack(before, 'base', '2026-03-02', returned).known).toEqual(before.known);
    expect(countTakenBack(before, 'uncounted', '2026-03-10', returned).known).toEqual(before.known);
  });

  it('gains nothing from a day on which more was returned than counted', () => {
    const counters = countTakenBack(given({ '2026-03-10': 100 }), 'base', '2026-03-02', {
      points: 40,
      whole: true,
    });
    expect(ceiling([points('month', 100)], counters, '2026-03-11')?.points).toBe(0);
  });
});

describe('a limit in times', () => {
  const week = [times('week', 2)];

  it('counts receipts, whatever they gave', () => {
    const once = given({ '2026-03-09': 1 });
    expect(ceiling(week, once, '2026-03-10')).toBeNull();
    const twice = countGiven(once, 'base', '2026-03-09', 500);
    expect(ceiling(week, twice, '2026-03-10')).toEqual({ points: 0, limitedBy: 'rule.timesPerWeek' });
  });

  it('is given back with the last point of a receipt, not before', () => {
    const full = given({ '2026-03-09': 10, '2026-03-10': 10 });
    const part = countTakenBack(full, 'base', '2026-03-09', { points: 4, whole: false });
    expect(ceiling(week, part, '2026-03-11')?.points).toBe(0);
    const whole = countTakenBack(part, 'base', '2026-03-09', { points: 6, whole: true });
    expect(ceiling(week, whole, '2026-03-11')).toBeNull();
  });

  it('for ever is a gift given once', () => {
    expect(ceiling([times('total', 1)], given({ '2019-01-01': 5 }), '2026-03-10')?.limitedBy).toBe(
      'rule.timesTotal',
    );
  });
});

describe('several limits', () => {
  const limits = [points('day', 50), points('month', 100), times('year', 3)];

  it.each([
    ['the day', { '2026-03-01': 20 }, 50, 'rule.perDay'],
    ['the month', { '2026-03-01': 50, '2026-03-02': 20 }, 30, 'rule.perMonth'],
    ['the times', { '2026-01-01': 1, '2026-01-02': 1, '2026-01-03': 1 }, 0, 'rule.timesPerYear'],
  ])('the lowest holds: %s', (_, counts, most, limitedBy) => {
    expect(ceiling(limits, given(counts), '2026-03-10')).toEqual({ points: most, limitedBy });
  });

  it('of equal ones the first is named', () => {
    const both = [points('day', 50), points('month', 50)];
    expect(ceiling(both, NO_COUNTERS, '2026-03-10')?.limitedBy).toBe('rule.perDay');
  });

  it('are none without any', () => {
    expect(ceiling([], NO_COUNTERS, '2026-03-10')).toBeNull();
  });
});

describe('a limit that refuses', () => {
  const limits = [{ ...points('day', 50), onExceed: 'refuse' as const }];
  const counters = given({ '2026-03-10': 20 });

  it('leaves nothing of what it does not cover whole', () => {
    expect(ceiling(limits, counters, '2026-03-10', 31)).toEqual({ points: 0, limitedBy: 'rule.perDay' });
  });

  it('is no limit for what it covers', () => {
    expect(ceiling(limits, counters, '2026-03-10', 30)).toEqual({ points: 30, limitedBy: 'rule.perDay' });
  });

  it('holds for one receipt, too', () => {
    const once = [{ ...points('purchase', 50), onExceed: 'refuse' as const }];
    expect(ceiling(once, NO_COUNTERS, '2026-03-10', 51)?.points).toBe(0);
    expect(ceiling(once, NO_COUNTERS, '2026-03-10', 50)?.points).toBe(50);
  });
});

describe('the counters a receipt needs', () => {
  const from = (...periods: LimitPeriod[]) =>
    countersFrom(earningRule({ limits: periods.map((period) => points(period, 1)) }), '2026-05-13');

  it('begin with the longest of its periods', () => {
    expect(from('day')).toBe('2026-05-13');
    expect(from('day', 'week')).toBe('2026-05-11');
    expect(from('month', 'week')).toBe('2026-05-01');
    expect(from('quarter')).toBe('2026-04-01');
    expect(from('year', 'day')).toBe('2026-01-01');
    expect(from('total')).toBe('0001-01-01');
  });

  it('begin where a week does that began in another month', () => {
    expect(countersFrom(earningRule({ limits: [points('month', 1), points('week', 1)] }), '2026-05-02')).toBe(
      '2026-04-27',
    );
  });

  it('are none for a limit of the receipt alone', () => {
    expect(from('purchase')).toBeNull();
    expect(from()).toBeNull();
    expect(isCounted(earningRule({ limits: [points('purchase', 1)] }))).toBe(false);
    expect(isCounted(earningRule({ limits: [points('purchase', 1), times('day', 1)] }))).toBe(true);
  });
});

describe('a limit over a window', () => {
  const over = (window: RuleLimit['window']): RuleLimit => ({
    period: 'window',
    points: 100,
    times: null,
    ...(window && { window }),
  });

  it.each([
    [{ type: 'rolling', days: 7 }, '2026-03-04', '2026-03-03', 'rule.perRollingWindow'],
    [{ type: 'calendar', unit: 'half' }, '2026-06-30', '2026-07-01', 'rule.perHalf'],
    [
      { type: 'calendar', unit: 'fiscalYear', firstMonth: 4 },
      '2025-04-01',
      '2025-03-31',
      'rule.perFiscalYear',
    ],
  ] as const)('%j counts from its first day on', (window, inside, outside, limitedBy) => {
    expect(ceiling([over(window)], given({ [inside]: 30 }), '2026-03-10')).toEqual({ points: 70, limitedBy });
    expect(ceiling([over(window)], given({ [outside]: 30 }), '2026-03-10')?.points).toBe(100);
  });

  it('that rolls counts nothing of days after the receipt', () => {
    const rolling = [over({ type: 'rolling', days: 7 })];
    expect(ceiling(rolling, given({ '2026-03-11': 30 }), '2026-03-10')?.points).toBe(100);
    expect(countersFrom(earningRule({ limits: rolling }), '2026-03-10')).toBe('2026-03-04');
  });
});

describe('a cool-down', () => {
  const rule = earningRule({ coolDown: { days: 3 } });
  const on = (day: string, counters: EarningCounters) =>
    lowestCeiling(rule, { counters, ruleId: 'base', day }, 10);

  it.each([
    ['2026-03-07', false],
    ['2026-03-08', true],
    ['2026-03-10', true],
    ['2026-03-12', true],
    ['2026-03-13', false],
  ])('of three days around a receipt: points on %s stop those of the 10th: %s', (day, stops) => {
    const expected = stops ? { points: 0, limitedBy: 'rule.coolDown' } : null;
    expect(on('2026-03-10', given({ [day]: 5 }))).toEqual(expected);
  });

  it('ends with the last point of the receipt that began it', () => {
    const back = countTakenBack(given({ '2026-03-09': 5 }), 'base', '2026-03-09', { points: 5, whole: true });
    expect(on('2026-03-10', back)).toBeNull();
  });

  it('needs the counters of its days', () => {
    expect(countersFrom(rule, '2026-03-10')).toBe('2026-03-08');
  });
});
