import { graceEnd } from './grace.js';

const ZONE = 'Europe/Warsaw';

describe('when the points of a closed membership are forfeited', () => {
  const closedAt = Date.parse('2026-03-10T15:00:00+01:00');

  it('is the closing, without grace', () => {
    expect(graceEnd({ graceDays: 0 }, closedAt, ZONE)).toBe(closedAt);
  });

  it('is the midnight after the last day of grace, summer time or not', () => {
    expect(graceEnd({ graceDays: 1 }, closedAt, ZONE)).toBe(Date.parse('2026-03-12T00:00:00+01:00'));
    expect(graceEnd({ graceDays: 30 }, closedAt, ZONE)).toBe(Date.parse('2026-04-10T00:00:00+02:00'));
  });
});
