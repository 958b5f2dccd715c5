import { monthsBetween, rollForward, ROLL_FORWARD_ROWS, type RollForwardRow } from './roll-forward.js';

const NOTHING = { points: 0n, gross: 0n };

describe('rollForward', () => {
  it('rolls points and money from opening to closing, month by month', () => {
    const months = rollForward(
      { points: 1000n, gross: 500n },
      [
        { period: '2026-01', eventCode: 'E01', toDebt: false, points: 300n, gross: 250n },
        { period: '2026-01', eventCode: 'E02', toDebt: false, points: 50n, gross: 0n },
        { period: '2026-01', eventCode: 'E06', toDebt: false, points: -200n, gross: -90n },
        { period: '2026-01', eventCode: 'E17', toDebt: true, points: -30n, gross: -5n },
        { period: '2026-01', eventCode: null, toDebt: false, points: 0n, gross: 0n },
        { period: '2026-03', eventCode: 'E15', toDebt: false, points: -100n, gross: -60n },
        { period: '2026-03', eventCode: 'E99', toDebt: false, points: -1n, gross: -2n },
      ],
      ['2026-01', '2026-02', '2026-03'],
    );
    expect(months.map(({ period }) => period)).toEqual(['2026-01', '2026-02', '2026-03']);
    expect(months[0]?.rows).toEqual({
      opening: { points: 1000n, gross: 500n },
      brought_in: { points: 0n, gross: 0n },
      earned_purchase: { points: 300n, gross: 250n },
      earned_non_purchase: { points: 50n, gross: 0n },
      earned_compensation: { points: 0n, gross: 0n },
      returned: { points: 0n, gross: 0n },
      debts: { points: -30n, gross: -5n },
      redeemed: { points: -200n, gross: -90n },
      redemption_reversed: { points: 0n, gross: 0n },
      expired: { points: 0n, gross: 0n },
      corrected: { points: 0n, gross: 0n },
      transferred: { points: 0n, gross: 0n },
      other: { points: 0n, gross: 0n },
      closing: { points: 1120n, gross: 655n },
    });
    expect(months[1]?.rows.opening).toEqual(months[0]?.rows.closing);
    expect(months[1]?.rows.closing).toEqual(months[0]?.rows.closing);
    expect(months[2]?.rows.expired).toEqual({ points: -100n, gross: -60n });
    expect(months[2]?.rows.other).toEqual({ points: -1n, gross: -2n });
    expect(months[2]?.rows.closing).toEqual({ points: 1019n, gross: 593n });
  });

  it.each<[string | null, RollForwardRow]>([
    ['E01', 'earned_purchase'],
    ['E02', 'earned_non_purchase'],
    ['E03', 'earned_compensation'],
    ['E17', 'returned'],
    ['E06', 'redeemed'],
    ['E12', 'redemption_reversed'],
    ['E15', 'expired'],
    ['E19', 'transferred'],
    ['E24', 'corrected'],
    ['E26', 'brought_in'],
    ['E98', 'other'],
    [null, 'other'],
  ])('shows %s as %s', (eventCode, row) => {
    const total = { period: '2026-01', eventCode, toDebt: false, points: 7n, gross: 3n };
    const rows = rollForward(NOTHING, [total], ['2026-01'])[0]?.rows;
    const changed = ROLL_FORWARD_ROWS.filter((name) => rows?.[name].points !== 0n);
    expect(changed).toEqual([row, 'closing']);
    expect(rows?.[row]).toEqual({ points: 7n, gross: 3n });
  });
});

describe('monthsBetween', () => {
  it.each([
    ['2026-01', '2026-01', ['2026-01']],
    ['2025-11', '2026-02', ['2025-11', '2025-12', '2026-01', '2026-02']],
    ['2026-02', '2026-01', []],
  ])('%s to %s', (from, to, months) => {
    expect(monthsBetween(from, to)).toEqual(months);
  });
});
