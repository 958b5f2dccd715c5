import type { Counted, Grace, Ladder, Requirement, Rung, Validity } from './ladder.js';
import { replay } from './replay.js';
import type { Transition } from './transition.js';

const MONTH = { type: 'calendar', unit: 'month' } as const;
const YEAR = { type: 'calendar', unit: 'year' } as const;
const ROLLING_YEAR = { type: 'rolling', months: 12 } as const;

type Day = readonly [day: string, spend: number, visits?: number];

function counted(days: readonly Day[], enrolledOn = '2026-01-01'): Counted {
  return {
    enrolledOn,
    days: [...new Set(days.map(([day]) => day))].sort(),
    valueOf: (measure, from, through) =>
      days
        .filter(([day]) => day >= from && day <= through)
        .reduce((sum, [, spend, visits = 1]) => sum + (measure === 'visits' ? visits : spend), 0),
  };
}

function rung(key: string, reach: Requirement | null, validity: Validity, more: Partial<Rung> = {}): Rung {
  return { key, reach, keep: null, validity, noDowngrade: false, retired: null, ...more };
}

function spend(atLeast: number, window: Extract<Requirement, { measure: string }>['window']): Requirement {
  return { measure: 'spend', window, atLeast };
}

/** Basic 0, Silver 100, Gold 500, Platinum 1000. */
function fourRungs(window: Extract<Requirement, { measure: string }>['window'], validity: Validity): Rung[] {
  return [
    rung('basic', null, { type: 'forever' }),
    rung('silver', spend(100, window), validity),
    rung('gold', spend(500, window), validity),
    rung('platinum', spend(1000, window), validity),
  ];
}

function ladder(rungs: readonly Rung[], more: Partial<Ladder> = {}): Ladder {
  return { rungs, promotion: 'atOnce', demotion: 'byMeasure', grace: null, ...more };
}

function standing(
  of: Ladder | readonly { ladder: Ladder; from: string; transition: Transition }[],
  days: readonly Day[],
  at: string,
) {
  const versions = 'rungs' in of ? [{ ladder: of, from: '2025-01-01', transition: 'nextRoll' as const }] : of;
  const replayed = replay(versions, counted(days), at);
  if (!replayed) throw new Error('no ladder');
  const { rung: held, since, until, graceUntil } = replayed.place;
  return { rung: held, since, until, graceUntil };
}

/** Validity to the end of a period, with the days more. */
function endOf(period: typeof MONTH | typeof YEAR, periods: 0 | 1, days = 0): Validity {
  return { type: 'endOfPeriod', period, periods, days };
}

describe('promotion', () => {
  it.each([
    ['atOnce', '2026-03-10'],
    [MONTH, '2026-04-01'],
  ] as const)('by %j begins on %s where March reaches it on the 10th', (promotion, since) => {
    const monthly = ladder(fourRungs(MONTH, endOf(MONTH, 1)), { promotion });
    expect(standing(monthly, [['2026-03-10', 100]], '2026-04-10')).toMatchObject({ rung: 'silver', since });
  });

  it('passes over rungs between', () => {
    const yearly = ladder(fourRungs(YEAR, endOf(YEAR, 0)));
    expect(standing(yearly, [['2026-03-10', 1000]], '2026-03-10')).toMatchObject({ rung: 'platinum' });
  });

  it('of a period begins once, with the first instant after it, and not for a period that missed', () => {
    const monthly = ladder(fourRungs(MONTH, endOf(MONTH, 0)), { promotion: MONTH });
    const days: Day[] = [
      ['2026-01-31', 60],
      ['2026-02-01', 60],
      ['2026-05-02', 700],
    ];
    expect(standing(monthly, days, '2026-05-31').rung).toBe('basic');
    expect(standing(monthly, days, '2026-06-01')).toMatchObject({
      rung: 'gold',
      since: '2026-06-01',
      until: '2026-07-01',
    });
  });
});

describe('validity', () => {
  it.each([
    [endOf(MONTH, 0), '2026-04-01'],
    [endOf(MONTH, 1), '2026-05-01'],
    [endOf(MONTH, 0, 7), '2026-04-08'],
    [{ type: 'months', months: 1, toEndOfMonth: false }, '2026-04-11'],
    [{ type: 'months', months: 1, toEndOfMonth: true }, '2026-05-01'],
    [{ type: 'anniversary', leastMonths: 6 }, '2027-01-01'],
    [{ type: 'anniversary', leastMonths: 12 }, '2028-01-01'],
    [{ type: 'forever' }, null],
  ] as const)('%j from 10 March is evaluated on %s', (validity, until) => {
    const rungs = fourRungs(MONTH, validity);
    expect(standing(ladder(rungs), [['2026-03-10', 100]], '2026-03-10').until).toBe(until);
  });

  it('is extended by reaching the rung again, from that day', () => {
    const rolling = ladder(fourRungs(ROLLING_YEAR, { type: 'months', months: 12, toEndOfMonth: false }));
    const days: Day[] = [
      ['2026-02-01', 500],
      ['2026-06-15', 20],
    ];
    expect(standing(rolling, days, '2026-06-15')).toMatchObject({ since: '2026-02-01', until: '2027-06-16' });
  });

  it('is renewed at its end where the condition to keep is met by what it ends with', () => {
    const keep = spend(300, { type: 'validity' });
    const [basic, silver, gold] = fourRungs(YEAR, endOf(YEAR, 1));
    const rungs = [basic, silver, { ...(gold as Rung), keep }] as Rung[];
    const days: Day[] = [
      ['2026-03-10', 500],
      ['2027-08-01', 299],
    ];
    expect(standing(ladder(rungs), days, '2027-12-31')).toMatchObject({ rung: 'gold', until: '2028-01-01' });
    // 500 of March 2026 are of the validity, too: they were what began it.
    expect(standing(ladder(rungs), days, '2028-01-01')).toMatchObject({ rung: 'gold', until: '2030-01-01' });
    expect(standing(ladder(rungs), days, '2030-01-01')).toMatchObject({ rung: 'basic', since: '2030-01-01' });
  });

  it('while qualified ends with the day on which too much leaves the window', () => {
    const rolling = ladder(fourRungs({ type: 'rolling', days: 30 }, { type: 'whileQualified' }));
    const days: Day[] = [
      ['2026-03-01', 400],
      ['2026-03-10', 200],
    ];
    expect(standing(rolling, days, '2026-03-30')).toMatchObject({ rung: 'gold', since: '2026-03-10' });
    expect(standing(rolling, days, '2026-03-31')).toMatchObject({ rung: 'silver', since: '2026-03-31' });
    expect(standing(rolling, days, '2026-04-09')).toMatchObject({ rung: 'basic', since: '2026-04-09' });
  });
});

describe('demotion', () => {
  const year = endOf(YEAR, 0);
  const gold: Day[] = [['2026-03-10', 500]];

  it.each([
    ['oneDown', 'silver'],
    ['byMeasure', 'basic'],
    ['none', 'gold'],
  ] as const)('%s leads to %s where the measure says basic', (demotion, to) => {
    const of = ladder(fourRungs({ type: 'calendar', unit: 'month' }, year), { demotion });
    expect(standing(of, gold, '2027-01-01')).toMatchObject({ rung: to });
  });

  it('lands softly: one rung down for each missed year', () => {
    const of = ladder(fourRungs(MONTH, year), { demotion: 'oneDown' });
    const days: Day[] = [['2026-03-10', 1000]];
    const held = ['2026-12-31', '2027-01-01', '2028-01-01', '2029-01-01', '2031-01-01'].map(
      (at) => standing(of, days, at).rung,
    );
    expect(held).toEqual(['platinum', 'gold', 'silver', 'basic', 'basic']);
  });

  it('never leaves a rung that no roll leaves', () => {
    const rungs = fourRungs(MONTH, year).map((each) => ({ ...each, noDowngrade: each.key === 'gold' }));
    expect(standing(ladder(rungs), gold, '2029-05-05')).toMatchObject({ rung: 'gold', until: '2030-01-01' });
  });

  const grace = (from: Grace['from'], more: Partial<Grace> = {}): Grace => ({
    ...{ from, months: 1, days: 0, toEndOfMonth: false },
    ...more,
  });

  it('waits for the grace, which begins with the day of the disqualification', () => {
    const of = ladder(fourRungs(MONTH, year), { grace: grace('disqualification') });
    expect(standing(of, gold, '2027-01-31')).toMatchObject({ rung: 'gold', graceUntil: '2027-02-01' });
    expect(standing(of, gold, '2027-02-01')).toMatchObject({
      rung: 'basic',
      since: '2027-02-01',
      graceUntil: null,
    });
  });

  it('waits from the beginning of the standing, which may be over', () => {
    const long = ladder(fourRungs(MONTH, year), { grace: grace('tierStart', { months: 12 }) });
    expect(standing(long, gold, '2027-03-09').rung).toBe('gold');
    expect(standing(long, gold, '2027-03-10').rung).toBe('basic');
    const short = ladder(fourRungs(MONTH, year), { grace: grace('tierStart', { months: 2 }) });
    expect(standing(short, gold, '2027-01-01').rung).toBe('basic');
  });

  it('is averted by reaching the rung again in the grace', () => {
    const of = ladder(fourRungs(MONTH, year), { grace: grace('disqualification', { toEndOfMonth: true }) });
    const days: Day[] = [...gold, ['2027-01-15', 500]];
    expect(standing(of, days, '2027-06-01')).toMatchObject({
      rung: 'gold',
      since: '2026-03-10',
      until: '2028-01-01',
    });
  });
});

describe('requirements', () => {
  const visits = (atLeast: number): Requirement => ({ measure: 'visits', window: YEAR, atLeast });
  const gold = (reach: Requirement) =>
    ladder([rung('basic', null, { type: 'forever' }), rung('gold', reach, { type: 'forever' })]);
  const days: Day[] = [['2026-03-10', 90, 3]];

  it.each([
    [{ all: [spend(90, YEAR), visits(3)] }, 'gold'],
    [{ all: [spend(90, YEAR), visits(4)] }, 'basic'],
    [{ any: [spend(91, YEAR), visits(3)] }, 'gold'],
    [{ any: [spend(91, YEAR), visits(4)] }, 'basic'],
    [{ atLeast: 2, of: [spend(91, YEAR), visits(3), spend(90, MONTH)] }, 'gold'],
    [{ atLeast: 2, of: [spend(91, YEAR), visits(4), spend(90, MONTH)] }, 'basic'],
  ] as const)('%j gives %s', (reach, held) => {
    expect(standing(gold(reach), days, '2026-03-10').rung).toBe(held);
  });
});

describe('a new version of a ladder', () => {
  const before = ladder(fourRungs(YEAR, { type: 'forever' }), { demotion: 'none' });
  const days: Day[] = [['2026-03-10', 600]];
  const at = (after: Ladder, transition: Transition, day: string) =>
    standing(
      [
        { ladder: before, from: '2025-01-01', transition: 'nextRoll' },
        { ladder: after, from: '2026-07-01', transition },
      ],
      days,
      day,
    );
  const cheaper = ladder([
    ...fourRungs(YEAR, endOf(YEAR, 0)).slice(0, 3),
    rung('platinum', spend(600, YEAR), endOf(YEAR, 0)),
  ]);
  const dearer = ladder([
    ...fourRungs(YEAR, endOf(YEAR, 0)).slice(0, 2),
    rung('gold', spend(700, YEAR), endOf(YEAR, 0)),
  ]);

  it.each([
    ['now', 'platinum', 'silver'],
    ['upOnly', 'platinum', 'gold'],
    ['nextRoll', 'gold', 'gold'],
  ] as const)('%s leads up to %s, and down to %s', (transition, up, down) => {
    expect(at(cheaper, transition, '2026-06-30').rung).toBe('gold');
    expect(at(cheaper, transition, '2026-07-01').rung).toBe(up);
    expect(at(dearer, transition, '2026-07-01').rung).toBe(down);
  });

  it('gives an end, from the beginning of the standing, to who had none', () => {
    expect(at(cheaper, 'nextRoll', '2026-07-01')).toMatchObject({ rung: 'gold', until: '2027-01-01' });
    const months = ladder(fourRungs(YEAR, { type: 'months', months: 2, toEndOfMonth: false }));
    expect(at(months, 'nextRoll', '2026-07-01').until).toBe('2026-07-11');
  });

  it('keeps the members of a retired rung to their end, or hands them to its successor', () => {
    const [basic, silver, gold] = fourRungs(MONTH, endOf(YEAR, 0)) as [Rung, Rung, Rung];
    const left = ladder([basic, silver, { ...gold, retired: { successor: null } }]);
    expect(at(left, 'nextRoll', '2026-12-31')).toMatchObject({ rung: 'gold', since: '2026-03-10' });
    expect(at(left, 'nextRoll', '2027-01-01').rung).toBe('basic');
    const handed = ladder([basic, silver, { ...gold, retired: { successor: 'silver' } }]);
    expect(at(handed, 'nextRoll', '2026-07-01')).toMatchObject({ rung: 'silver', since: '2026-07-01' });
  });

  it('leaves the members of a rung that is gone on the first', () => {
    expect(at(ladder(fourRungs(YEAR, endOf(YEAR, 0)).slice(0, 2)), 'nextRoll', '2026-07-01').rung).toBe(
      'basic',
    );
  });

  it('has a rung between others, which no member enters by itself', () => {
    const [basic, silver, gold] = fourRungs(YEAR, { type: 'forever' }) as [Rung, Rung, Rung];
    const more = ladder([basic, silver, rung('amber', spend(300, YEAR), { type: 'forever' }), gold]);
    expect(at(more, 'nextRoll', '2026-07-01').rung).toBe('gold');
  });
});
