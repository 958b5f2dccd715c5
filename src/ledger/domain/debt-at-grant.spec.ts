import type { OpenSince } from './debt-history.js';
import { partsByDebt, type PointsToCome } from './debt-at-grant.js';

const NOW = 1000;

function toCome(points: number, overrides: Partial<PointsToCome> = {}): PointsToCome {
  return {
    points,
    lines: [{ lineNo: 1, points }],
    awaits: null,
    availableAt: NOW,
    expiresAt: null,
    slides: false,
    ...overrides,
  };
}

/** `40 debt` for points that fill it, `60` for those that are a promise. */
function parts(
  grants: readonly PointsToCome[],
  debt: number,
  slidingExpiresAt: number | null = null,
  openSince: OpenSince = () => 0,
) {
  return partsByDebt(grants, { debt, openSince }, slidingExpiresAt, NOW).map(
    ({ points, fillsDebt }) => `${points}${fillsDebt ? ' debt' : ''}`,
  );
}

describe('points that are granted to an account with a debt', () => {
  it('fill it first, as a part of their own', () => {
    expect(parts([toCome(100)], 0)).toEqual(['100']);
    expect(parts([toCome(100)], 40)).toEqual(['40 debt', '60']);
    expect(parts([toCome(100)], 100)).toEqual(['100 debt']);
    expect(parts([toCome(100)], 130)).toEqual(['100 debt']);
  });

  it('fill it in spending order: what ends first, then what comes first', () => {
    const soon = toCome(30, { expiresAt: NOW + 5 });
    expect(parts([toCome(100), soon], 40)).toEqual(['10 debt', '90', '30 debt']);
    expect(parts([toCome(100), toCome(30)], 40)).toEqual(['40 debt', '60', '30']);
    const sliding = toCome(30, { slides: true });
    expect(parts([toCome(100), sliding], 40, NOW + 5)).toEqual(['10 debt', '90', '30 debt']);
  });

  it('are promised in full while they wait', () => {
    const awaits = { event: 'reviewed', thenDays: 0, cancelAt: NOW + 9 };
    expect(parts([toCome(100, { awaits })], 40)).toEqual(['100']);
    expect(parts([toCome(100, { availableAt: NOW + 1 }), toCome(10)], 40)).toEqual(['100', '10 debt']);
  });

  it('fill what was open in their time where that is over, and what ends later the rest', () => {
    const openSince = (at: number) => (at < NOW - 10 ? 20 : 30);
    const late = toCome(100, { expiresAt: NOW - 5 });
    const later = toCome(100, { expiresAt: NOW - 20 });
    expect(parts([late], 40, null, openSince)).toEqual(['30 debt', '70']);
    expect(parts([late, later], 40, null, openSince)).toEqual(['10 debt', '90', '20 debt', '80']);
    expect(parts([toCome(50), late], 40, null, openSince)).toEqual(['10 debt', '40', '30 debt', '70']);
    expect(parts([toCome(100, { slides: true })], 40, NOW - 5, openSince)).toEqual(['30 debt', '70']);
  });

  it('fill none that came after their time', () => {
    expect(parts([toCome(100, { expiresAt: NOW })], 40)).toEqual(['100']);
    expect(parts([toCome(100, { expiresAt: NOW + 1 })], 40)).toEqual(['40 debt', '60']);
  });

  it('are attributed to the same lines, part by part', () => {
    const lines = [
      { lineNo: 1, points: 67 },
      { lineNo: 2, points: 33 },
    ];
    const split = partsByDebt([toCome(100, { lines })], { debt: 50, openSince: () => 0 }, null, NOW);
    expect(split.map((part) => part.lines)).toEqual([
      [
        { lineNo: 1, points: 34 },
        { lineNo: 2, points: 16 },
      ],
      [
        { lineNo: 1, points: 33 },
        { lineNo: 2, points: 17 },
      ],
    ]);
  });
});
