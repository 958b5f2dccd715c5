import { boundOf, isBeyond, NO_BOUNDS } from './backdating.js';

const now = Date.parse('2026-02-10T00:30:00+08:00');
const beyond = (days: number | null, text: string) => isBeyond(days, Date.parse(text), now, 'Asia/Taipei');

describe('how far back something may be dated', () => {
  it('counts days of the zone, not hours', () => {
    expect(beyond(7, '2026-02-03T00:00:00+08:00')).toBe(false);
    expect(beyond(7, '2026-02-02T23:59:59+08:00')).toBe(true);
    expect(beyond(0, '2026-02-10T00:00:00+08:00')).toBe(false);
    expect(beyond(0, '2026-02-09T23:59:59+08:00')).toBe(true);
  });

  it('has no end where there is no bound', () => {
    expect(beyond(null, '1999-01-01T00:00:00Z')).toBe(false);
  });

  it('is bound by kind', () => {
    const bounds = { ...NO_BOUNDS, receiptDays: 30, returnDays: 90, creditDays: 7 };
    expect((['receipt', 'return', 'credit'] as const).map((kind) => boundOf(bounds, kind))).toEqual([
      30, 90, 7,
    ]);
  });
});
