import { endsBefore, leastExpiry } from './least-validity.js';

describe('the least validity of points that come back', () => {
  const at = Date.parse('2026-03-28T23:30:00+01:00');

  it('ends with the last of so many days, over a change of the clocks', () => {
    expect(leastExpiry(0, at, 'Europe/Warsaw')).toBe(Date.parse('2026-03-29T00:00:00+01:00'));
    expect(leastExpiry(7, at, 'Europe/Warsaw')).toBe(Date.parse('2026-04-05T00:00:00+02:00'));
    expect(leastExpiry(7, at, 'Asia/Taipei')).toBe(Date.parse('2026-04-06T00:00:00+08:00'));
  });

  it('is not promised by every programme', () => {
    expect(leastExpiry(null, at, 'Europe/Warsaw')).toBeNull();
    expect(endsBefore(at, null)).toBe(false);
  });

  it('is missed by an earlier end, not by the same one, a later one, or none', () => {
    expect([at - 1, at, at + 1, null].map((end) => endsBefore(end, at))).toEqual([true, false, false, false]);
  });
});
