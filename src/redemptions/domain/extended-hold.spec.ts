import { extendedHoldEnd, latestHoldEnd } from './extended-hold.js';

describe('a hold that is extended', () => {
  it('lasts so long from now, never shorter than before', () => {
    expect(extendedHoldEnd(10_000, 60, 5000)).toBe(65_000);
    expect(extendedHoldEnd(100_000, 60, 5000)).toBe(100_000);
  });

  it('ends 30 days after it was made at the latest', () => {
    const made = Date.parse('2026-03-01T12:00:00Z');
    expect(latestHoldEnd(made)).toBe(Date.parse('2026-03-31T12:00:00Z'));
  });
});
