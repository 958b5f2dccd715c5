import fc from 'fast-check';
import { addToDate } from '../../kernel/time.js';
import type { CalendarWindow } from '../../kernel/window.js';
import type {
  Counted,
  Ladder,
  MeasureName,
  Requirement,
  RequirementWindow,
  Rung,
  Validity,
} from './ladder.js';
import { count, firstPlace, roll, type Place } from './place.js';
import { replay, type LadderFrom } from './replay.js';

/** More by a flag; a failure prints its seed and path. */
const RUNS = Number(process.env['PLACE_RUNS'] ?? 150);

/** A failure is made smaller for a while only. */
const LIMITS = { interruptAfterTimeLimit: Number(process.env['PLACE_MS'] ?? 60_000) };

/** Spend by day, ascending. */
type History = readonly (readonly [day: string, spend: number])[];

const ENROLLED = '2024-02-29';
const FIRST = Date.UTC(2024, 1, 29);
const dayNo = (no: number): string => new Date(FIRST + no * 86_400_000).toISOString().slice(0, 10);

const period = fc.constantFrom<CalendarWindow>(
  { type: 'calendar', unit: 'month' },
  { type: 'calendar', unit: 'quarter' },
  { type: 'calendar', unit: 'year' },
  { type: 'calendar', unit: 'fiscalYear', firstMonth: 4 },
);
const window = fc.oneof(
  period,
  fc.constantFrom<RequirementWindow>(
    { type: 'rolling', days: 20 },
    { type: 'rolling', months: 3 },
    { type: 'lifetime' },
    { type: 'membershipYear' },
  ),
);
const validity = fc.oneof(
  fc.constant<Validity>({ type: 'forever' }),
  fc.constant<Validity>({ type: 'whileQualified' }),
  fc.record({
    type: fc.constant('endOfPeriod' as const),
    period,
    periods: fc.constantFrom(0 as const, 1 as const),
    days: fc.constantFrom(0, 7),
  }),
  fc.record({
    type: fc.constant('months' as const),
    months: fc.constantFrom(1, 2, 6),
    toEndOfMonth: fc.boolean(),
  }),
  fc.record({ type: fc.constant('anniversary' as const), leastMonths: fc.constantFrom(0, 3, 12) }),
);
const single = (least: number, windows: fc.Arbitrary<RequirementWindow>): fc.Arbitrary<Requirement> =>
  fc
    .record({
      measure: fc.constantFrom<MeasureName>('spend', 'visits'),
      window: windows,
      atLeast: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ measure, window: over, atLeast }) => ({
      ...{ measure, window: over },
      atLeast: measure === 'spend' ? least * 20 * atLeast : Math.min(least, atLeast),
    }));
const requirement = (least: number, windows: fc.Arbitrary<RequirementWindow>): fc.Arbitrary<Requirement> =>
  fc.oneof(
    { weight: 3, arbitrary: single(least, windows) },
    {
      weight: 1,
      arbitrary: fc.record({ all: fc.array(single(least, windows), { minLength: 1, maxLength: 2 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ any: fc.array(single(least, windows), { minLength: 1, maxLength: 2 }) }),
    },
  );
const rung = (rank: number): fc.Arbitrary<Rung> =>
  fc.record({
    key: fc.constant(`r${rank}`),
    reach: requirement(rank, window),
    keep: fc.option(
      requirement(rank, fc.oneof(window, fc.constant<RequirementWindow>({ type: 'validity' }))),
    ),
    validity,
    noDowngrade: fc.boolean(),
    retired: fc.option(fc.constant({ successor: null }), { freq: 8 }),
  });
const base: Rung = {
  key: 'r0',
  reach: null,
  keep: null,
  validity: { type: 'forever' },
  noDowngrade: false,
  retired: null,
};
const ladder: fc.Arbitrary<Ladder> = fc.record({
  rungs: fc.tuple(rung(1), rung(2), rung(3)).map((rungs) => [base, ...rungs]),
  promotion: fc.oneof(fc.constant('atOnce' as const), period),
  demotion: fc.constantFrom('none', 'oneDown', 'byMeasure'),
  grace: fc.option(
    fc.record({
      from: fc.constantFrom('disqualification' as const, 'tierStart' as const),
      months: fc.constantFrom(0, 1, 4),
      days: fc.constantFrom(0, 10),
      toEndOfMonth: fc.boolean(),
    }),
  ),
});
const history = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 90 })), {
    selector: ([no]) => no,
    maxLength: 25,
  })
  .map((days) => [...days].sort(([a], [b]) => a - b).map(([no, spend]) => [dayNo(no), spend] as const));

function countedOf(days: History): Counted {
  return {
    enrolledOn: ENROLLED,
    days: days.map(([day]) => day),
    valueOf: (measure, from, through) =>
      days
        .filter(([day]) => day >= from && day <= through)
        .reduce((sum, [, spend]) => sum + (measure === 'visits' ? 1 : spend), 0),
  };
}

/** The same rules day by day, with arithmetic of its own: every rung is asked on every day. */
function slowly(rules: Ladder, days: History, last: string): ReadonlyMap<string, unknown> {
  const places = new Map<string, unknown>();
  const held = {
    rung: 0,
    since: ENROLLED,
    from: ENROLLED,
    until: null as string | null,
    grace: null as string | null,
  };
  const utc = (day: string) => new Date(`${day}T00:00:00Z`);
  const text = (date: Date) => date.toISOString().slice(0, 10);
  const plus = (day: string, amount: number) => text(new Date(utc(day).getTime() + amount * 86_400_000));
  const plusMonths = (day: string, months: number) => {
    const [year, month, date] = day.split('-').map(Number) as [number, number, number];
    const end = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
    return text(new Date(Date.UTC(year, month - 1 + months, Math.min(date, end))));
  };
  const begins = (unit: CalendarWindow, day: string): boolean => {
    if (!day.endsWith('-01')) return false;
    const month = Number(day.slice(5, 7));
    if (unit.unit === 'fiscalYear') return month === unit.firstMonth;
    return unit.unit === 'month' || (unit.unit === 'quarter' ? month % 3 === 1 : month === 1);
  };
  const birthday = (year: number) => (year % 4 === 0 ? `${year}-02-29` : `${year}-02-28`);
  const after = (unit: CalendarWindow, day: string) => {
    let next = plus(day, 1);
    while (!begins(unit, next)) next = plus(next, 1);
    return next;
  };
  const startOf = (over: RequirementWindow, day: string): string => {
    if (over.type === 'validity') return held.from;
    if (over.type === 'lifetime') return '0001-01-01';
    if (over.type === 'rolling')
      return plus(plusMonths(plus(day, 1), -(over.months ?? 0)), -(over.days ?? 0));
    let start = day;
    const isStart = (on: string) =>
      over.type === 'membershipYear'
        ? on === birthday(Number(on.slice(0, 4)))
        : begins(over as CalendarWindow, on);
    while (!isStart(start)) start = plus(start, -1);
    return start;
  };
  const met = (asked: Requirement, day: string, through: string): boolean => {
    if ('all' in asked) return asked.all.every((part) => met(part, day, through));
    if ('any' in asked) return asked.any.some((part) => met(part, day, through));
    if ('of' in asked) throw new Error('not generated');
    const from = startOf(asked.window, day);
    const within = days.filter(([on]) => on >= from && on <= through);
    const value =
      asked.measure === 'visits' ? within.length : within.reduce((sum, [, spend]) => sum + spend, 0);
    return value >= asked.atLeast;
  };
  const endOf = (of: Validity, day: string, begun: 'midnight' | 'during'): string | null => {
    if (of.type === 'forever' || of.type === 'whileQualified') return null;
    if (of.type === 'months') {
      let end = plus(plusMonths(day, of.months), begun === 'during' ? 1 : 0);
      while (of.toEndOfMonth && !end.endsWith('-01')) end = plus(end, 1);
      return end;
    }
    if (of.type === 'endOfPeriod') {
      const end = after(of.period, day);
      return plus(of.periods === 1 ? after(of.period, end) : end, of.days);
    }
    const least = plusMonths(day, of.leastMonths);
    for (let year = 2024; ; year += 1)
      if (birthday(year) >= least && birthday(year) > day) return birthday(year);
  };
  const place = (rank: number, day: string, begun: 'midnight' | 'during') => {
    const until = endOf((rules.rungs[rank] as Rung).validity, day, begun);
    Object.assign(held, { rung: rank, since: day, from: day, until, grace: null });
  };
  const highestAbove = (day: string): number => {
    for (let rank = 3; rank > held.rung; rank -= 1) {
      const { reach, retired } = rules.rungs[rank] as Rung;
      if (!retired && reach && met(reach, day, day)) return rank;
    }
    return held.rung;
  };
  const down = (day: string, through: string) => {
    for (let rank = held.rung - 1; rank > 0; rank -= 1) {
      const { keep, reach, retired } = rules.rungs[rank] as Rung;
      if (retired) continue;
      if (rules.demotion === 'oneDown' || met((keep ?? reach) as Requirement, day, through)) return rank;
    }
    return 0;
  };
  for (let day = ENROLLED; day <= last; day = plus(day, 1)) {
    live(day);
    const { rung: rank, since, from: validFrom, until, grace: graceUntil } = held;
    places.set(day, { rung: `r${rank}`, since, validFrom, until, graceUntil });
  }
  return places;

  function live(day: string): void {
    const eve = plus(day, -1);
    const current = () => rules.rungs[held.rung] as Rung;
    midnight: if (day > ENROLLED) {
      if (rules.promotion !== 'atOnce' && begins(rules.promotion, day)) {
        // A period in which nothing counted reaches nothing.
        const start = startOf(rules.promotion, eve);
        const to = days.some(([on]) => on >= start && on <= eve) ? highestAbove(eve) : held.rung;
        if (to > held.rung) {
          place(to, day, 'midnight');
          break midnight;
        }
      }
      const { keep, reach, noDowngrade, validity: of } = current();
      const asked = keep ?? reach;
      if (asked === null) break midnight;
      if (of.type === 'whileQualified') {
        // Asked every night: nothing leaves a window on most of them, and the answer is the one of before.
        const holds = met(asked, day, eve);
        if (held.grace !== null) {
          if (held.grace !== day) break midnight;
          if (holds) held.grace = null;
          else place(down(day, eve), day, 'midnight');
          break midnight;
        }
        if (holds || noDowngrade || rules.demotion === 'none') break midnight;
        // A rung that was entered without being kept is evaluated on the first night on which something leaves.
        const leaves = [asked].flatMap(function leaf(part: Requirement): boolean[] {
          if ('all' in part) return part.all.flatMap(leaf);
          if ('any' in part) return part.any.flatMap(leaf);
          if ('of' in part || part.window.type === 'validity') return [false];
          const [now, then] = [startOf(part.window, day), startOf(part.window, eve)];
          return [days.some(([on]) => on >= then && on < now && on < day)];
        });
        if (!leaves.some(Boolean)) break midnight;
        begin(day, eve);
        break midnight;
      }
      if (held.grace === day) {
        place(down(eve, eve), day, 'midnight');
        break midnight;
      }
      if (held.grace !== null || held.until !== day) break midnight;
      if (met(asked, eve, eve) || noDowngrade || rules.demotion === 'none')
        Object.assign(held, { from: day, until: endOf(of, day, 'midnight') });
      else begin(day, eve);
    }
    if (!days.some(([on]) => on === day)) return;
    const to = rules.promotion === 'atOnce' ? highestAbove(day) : held.rung;
    if (to > held.rung) {
      place(to, day, 'during');
      return;
    }
    const { reach, validity: of } = current();
    if (!reach || !met(reach, day, day)) return;
    const end = endOf(of, day, 'during');
    if (held.grace !== null || (end !== null && held.until !== null && end > held.until))
      if (held.grace !== null || held.until !== null)
        Object.assign(held, { from: day, until: end, grace: null });
  }
  /** Grace, or the way down where there is none. */
  function begin(day: string, eve: string): void {
    const { grace } = rules;
    let end =
      grace && plus(plusMonths(grace.from === 'tierStart' ? held.since : day, grace.months), grace.days);
    while (grace?.toEndOfMonth && end !== null && !end.endsWith('-01')) end = plus(end, 1);
    const isQualified = (rules.rungs[held.rung] as Rung).validity.type === 'whileQualified';
    if (end !== null && end > day) held.grace = end;
    else place(down(isQualified ? day : eve, eve), day, 'midnight');
  }
}

const always = (rules: Ladder): LadderFrom[] => [
  { ladder: rules, from: '2020-01-01', transition: 'nextRoll' },
];

describe('a place on a ladder', () => {
  it('is what the same rules give day by day', () => {
    fc.assert(
      fc.property(ladder, history, (rules, days) => {
        const last = dayNo(1100);
        const slow = slowly(rules, days, last);
        const steps = replay(always(rules), countedOf(days), last)?.steps ?? [];
        const changes = steps.flatMap(({ day }) => [addToDate(day, { days: -1 }), day]);
        for (const day of [...changes.filter((day) => day >= ENROLLED), dayNo(500), last]) {
          const known = countedOf(days.filter(([on]) => on <= day));
          const { rolledTo: _, ...place } = replay(always(rules), known, day)?.place as Place;
          expect({ day, ...place }).toEqual({ day, ...(slow.get(day) as object) });
        }
      }),
      { numRuns: RUNS, ...LIMITS },
    );
  });

  it('is the same however often, and whenever, the nights are worked on', () => {
    fc.assert(
      fc.property(
        ladder,
        history,
        fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 40 }),
        (rules, days, nights) => {
          const counted = countedOf(days);
          const runs = new Set(nights.map(dayNo));
          let place = firstPlace(rules, ENROLLED);
          for (let no = 0; no <= 900; no += 1) {
            const day = dayNo(no);
            const known = countedOf(days.filter(([on]) => on <= day));
            const counts = days.some(([on]) => on === day);
            if (runs.has(day) || counts) place = roll(place, rules, known, day).place;
            if (counts) place = count(count(place, rules, known, day).place, rules, known, day).place;
          }
          place = roll(place, rules, counted, dayNo(900)).place;
          expect(place).toEqual(replay(always(rules), counted, dayNo(900))?.place);
        },
      ),
      { numRuns: RUNS, ...LIMITS },
    );
  });
});
