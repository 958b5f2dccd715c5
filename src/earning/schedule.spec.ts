import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { basketBonus } from '../../test/builders/earning-rule.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { Shop } from '../../test/builders/shop.js';
import type { RuleSchedule } from './domain/rule-schedule.js';
import { earningRuleOf, type EarningRuleDto } from './earning-rule.dto.js';
import { scheduleFaults } from './schedule-faults.js';

const ALWAYS: RuleSchedule = { weekdays: [], hours: [], recurrences: [], blackOuts: [] };

/** Why a rule with a schedule gave what it gave, at each of some times, in Warsaw. */
function reasons(schedule: Partial<RuleSchedule>, ...times: readonly string[]): readonly string[] {
  const rule = { amount: basketBonus(5, 0), schedule: { ...ALWAYS, ...schedule } };
  const shop = new Shop(new ConfigurationBuilder().accounting().policy().rule(rule));
  const member = shop.member();
  return times.map((at) => {
    shop.at(at);
    const [outcome] = shop.batch(shop.purchase(member, { lines: purchaseLines({ amountMinor: 1000 }) }));
    if (outcome?.kind !== 'answered') throw new Error('refused');
    return (outcome.explanation as { why: string }[])[0]?.why ?? '';
  });
}

describe('a rule with a schedule', () => {
  it('gives points on its days only, by the calendar of the zone', () => {
    // 2026-01-08 in Warsaw begins at 23:00Z of the 7th.
    expect(
      reasons(
        { recurrences: [{ startsOn: '2026-01-01', rule: 'FREQ=MONTHLY;BYMONTHDAY=8,18,28' }] },
        '2026-01-07T22:59:59Z',
        '2026-01-07T23:00:00Z',
        '2026-01-08T22:59:59Z',
        '2026-01-08T23:00:00Z',
      ),
    ).toEqual(['outOfSchedule', 'matched', 'matched', 'outOfSchedule']);
  });

  it('takes hours past midnight for hours of the day on which they began', () => {
    const night = { weekdays: [5], hours: [{ from: '22:00', to: '02:00' }] };
    // 2026-03-06 is a Friday.
    const times = [
      '2026-03-06T00:30+01:00',
      '2026-03-06T22:00+01:00',
      '2026-03-07T01:59+01:00',
      '2026-03-07T02:00+01:00',
    ];
    expect(reasons(night, ...times.map((time) => time.replace('+', ':00+')))).toEqual([
      'outOfSchedule',
      'matched',
      'matched',
      'outOfSchedule',
    ]);
    const black = { ...night, blackOuts: [{ from: '2026-03-06', until: '2026-03-06' }] };
    expect(reasons(black, '2026-03-07T01:59:00+01:00')).toEqual(['outOfSchedule']);
  });

  it('counts the hour that comes twice twice', () => {
    expect(
      reasons(
        { hours: [{ from: '02:00', to: '03:00' }] },
        '2026-10-25T00:30:00Z',
        '2026-10-25T01:30:00Z',
        '2026-10-25T02:00:00Z',
      ),
    ).toEqual(['matched', 'matched', 'outOfSchedule']);
  });
});

describe('a schedule that cannot be', () => {
  const dto = (schedule: EarningRuleDto['schedule'], endsAt?: string) =>
    ({
      name: 'x',
      amount: { type: 'basketBonus', points: 1, minimumMinor: 0 },
      schedule,
      endsAt,
    }) as EarningRuleDto;
  const faults = (schedule: EarningRuleDto['schedule'], endsAt?: string): unknown => {
    try {
      return earningRuleOf(dto(schedule, endsAt));
    } catch (error) {
      return (error as { problem: { errors: unknown } }).problem.errors;
    }
  };
  const mondays = { startsOn: '2026-01-01', rule: 'FREQ=WEEKLY;BYDAY=MO' };

  it.each([
    [{ hours: [{ from: '10:00', to: '10:00' }] }, '/schedule/hours/0', 'EMPTY_HOURS'],
    [
      { recurrences: [{ startsOn: '2026-01-01', rule: 'FREQ=HOURLY' }] },
      '/schedule/recurrences/0/rule',
      'RECURRENCE_TIME_PART',
    ],
    [
      { recurrences: [{ startsOn: '0026-01-01', rule: 'FREQ=DAILY' }] },
      '/schedule/recurrences/0/startsOn',
      'OUT_OF_RANGE',
    ],
    [
      { blackOuts: [{ from: '2026-02-02', until: '2026-02-01' }] },
      '/schedule/blackOuts/0/until',
      'ENDS_BEFORE_IT_BEGINS',
    ],
    [{ weekdays: [7], recurrences: [mondays] }, '/schedule', 'NEVER_HAPPENS'],
    [
      { recurrences: [mondays], blackOuts: [{ from: '2026-01-01', until: '2036-01-01' }] },
      '/schedule',
      'NEVER_HAPPENS',
    ],
  ])('is refused: %j', (schedule, pointer, code) => {
    expect(faults(schedule)).toMatchObject([{ pointer, code }]);
  });

  it('is one whose days are all after the rule ended, or before it begins', () => {
    const later = { recurrences: [{ startsOn: '2027-01-01', rule: 'FREQ=DAILY;COUNT=3' }] };
    expect(faults(later, '2026-12-30T00:00:00Z')).toMatchObject([{ code: 'NEVER_HAPPENS' }]);
    const schedule = { ...ALWAYS, ...later };
    expect(scheduleFaults(schedule, { from: '2027-02-01T00:00:00.000Z', until: null })).toMatchObject([
      { code: 'NEVER_HAPPENS' },
    ]);
    expect(scheduleFaults(schedule, { from: '2026-02-01T00:00:00.000Z', until: null })).toEqual([]);
    const black = { ...ALWAYS, blackOuts: [{ from: '2026-01-01', until: '2026-12-31' }] };
    const year = { from: '2026-02-01T00:00:00.000Z', until: '2026-06-01T00:00:00.000Z' };
    expect(scheduleFaults(black, year)).toMatchObject([{ code: 'NEVER_HAPPENS' }]);
  });
});
