import { activationAfterEvent, activationOf, cancelAtOf, type PendingPolicy } from './pending-policy.js';
import { formatInstant } from './time.js';

const WARSAW = 'Europe/Warsaw';

function activation(policy: PendingPolicy, occurredAt: string, zone = WARSAW): string {
  return formatInstant(activationOf(policy, Date.parse(occurredAt), zone) as number);
}

describe('points that do not wait', () => {
  it('are usable at the instant of the receipt', () => {
    expect(activation({ type: 'none' }, '2026-02-02T12:34:56.789Z')).toBe('2026-02-02T12:34:56.789Z');
  });
});

describe('points pending for days', () => {
  const week: PendingPolicy = { type: 'days', days: 7 };

  it.each(['2026-02-02T00:00:00+01:00', '2026-02-02T12:00:00+01:00', '2026-02-02T23:59:59.999+01:00'])(
    'of %s are usable from the first instant of the tenth on',
    (occurredAt) => {
      expect(activation(week, occurredAt)).toBe('2026-02-09T23:00:00.000Z');
    },
  );

  it('are counted in days of the programme', () => {
    // 23:30 on the 1st in New York is the 2nd in Warsaw.
    expect(activation(week, '2026-02-02T04:30:00Z', 'America/New_York')).toBe('2026-02-09T05:00:00.000Z');
  });

  it('wait an hour less over the night the clocks go forward', () => {
    expect(activation({ type: 'days', days: 1 }, '2026-03-28T12:00:00+01:00')).toBe(
      '2026-03-29T22:00:00.000Z',
    );
  });
});

describe('points pending until fixed dates', () => {
  const quarters: PendingPolicy = { type: 'dates', dates: ['10-01', '01-01', '04-01', '07-01'] };

  it.each([
    ['2026-02-02T12:00:00+01:00', '2026-03-31T22:00:00.000Z'],
    ['2026-03-31T23:59:59+02:00', '2026-03-31T22:00:00.000Z'],
    ['2026-04-01T00:00:00+02:00', '2026-06-30T22:00:00.000Z'],
    ['2026-12-31T12:00:00+01:00', '2026-12-31T23:00:00.000Z'],
  ])('of %s are usable from the next of them on: %s', (occurredAt, usableFrom) => {
    expect(activation(quarters, occurredAt)).toBe(usableFrom);
  });

  it('are usable at once when the last of them is over', () => {
    const gala: PendingPolicy = { type: 'dates', dates: ['2026-05-01', '2026-09-01'] };
    expect(activation(gala, '2026-06-01T12:00:00Z')).toBe('2026-08-31T22:00:00.000Z');
    expect(activation(gala, '2026-09-01T12:00:00Z')).toBe('2026-09-01T12:00:00.000Z');
  });

  it('of 29 February are usable on the 28th in a common year', () => {
    expect(activation({ type: 'dates', dates: ['02-29'] }, '2026-02-02T12:00:00Z')).toBe(
      '2026-02-27T23:00:00.000Z',
    );
  });
});

describe('points that await an event', () => {
  const delivered: PendingPolicy = { type: 'event', event: 'delivered', thenDays: 14, cancelAfterDays: 60 };
  const occurredAt = Date.parse('2026-02-02T12:00:00+01:00');

  it('have no date of activation', () => {
    expect(activationOf(delivered, occurredAt, WARSAW)).toBeNull();
  });

  it('are cancelled at the end of the last day on which it may come', () => {
    expect(formatInstant(cancelAtOf(delivered, occurredAt, WARSAW) as number)).toBe(
      '2026-04-03T22:00:00.000Z',
    );
  });

  it('wait so many whole days after it', () => {
    const eventAt = Date.parse('2026-02-05T18:00:00+01:00');
    expect(formatInstant(activationAfterEvent(14, eventAt, WARSAW))).toBe('2026-02-19T23:00:00.000Z');
  });

  it('are usable with it when nothing comes after', () => {
    expect(activationAfterEvent(0, occurredAt, WARSAW)).toBe(occurredAt);
  });
});

describe('points that await no event', () => {
  it.each<PendingPolicy>([{ type: 'none' }, { type: 'days', days: 7 }, { type: 'dates', dates: ['12-31'] }])(
    'are not cancelled: %j',
    (policy) => {
      expect(cancelAtOf(policy, 0, WARSAW)).toBeNull();
    },
  );
});
