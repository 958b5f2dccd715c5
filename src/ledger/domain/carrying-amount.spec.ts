import { carryingAmount } from './carrying-amount.js';

/** accounting-vectors.json, amounts in minor units: what the lot function says of them. */
describe('carryingAmount', () => {
  /** Releases of a lot as its points out grow (or shrink) through the given counters. */
  function releases(allocated: bigint, points: number, ...out: number[]): bigint[] {
    const carrying = [0, ...out].map((pointsOut) => carryingAmount({ allocated, points }, pointsOut));
    return carrying.slice(1).map((amount, index) => (carrying[index] as bigint) - amount);
  }

  it('A16 leaves no dust: 100 over 3 points, one at a time', () => {
    expect(releases(100n, 3, 1, 2, 3)).toEqual([33n, 34n, 33n]);
    expect(carryingAmount({ allocated: 100n, points: 3 }, 3)).toBe(0n);
  });

  it('A31 a reversal is the function too, so replays come out alike in any order', () => {
    expect(releases(100n, 3, 1, 2, 1)).toEqual([33n, 34n, -34n]);
    expect(carryingAmount({ allocated: 100n, points: 3 }, 1)).toBe(67n);
  });

  it('A18 mixed lots: only those that carry money release it', () => {
    const first = releases(8257n, 100, 100)[0] as bigint;
    const birthday = releases(0n, 50, 50)[0] as bigint;
    const third = releases(16_514n, 200, 30)[0] as bigint;
    expect([first, birthday, third]).toEqual([8257n, 0n, 2477n]);
    expect(first + birthday + third).toBe(10_734n);
    expect(carryingAmount({ allocated: 16_514n, points: 200 }, 30)).toBe(14_037n);
  });

  it('A19 reclasses 60 of 100 points: 52.056 rounds to 52.06', () => {
    expect(releases(8676n, 100, 60)).toEqual([5206n]);
  });

  it('A22 remote method: releases by points issued, the rest at expiry', () => {
    expect(releases(909_091n, 10_000, 4500, 8500, 10_000)).toEqual([409_091n, 363_636n, 136_364n]);
  });

  it('A24 a whole claw-back takes back what was allocated', () => {
    expect(releases(8257n, 100, 100)).toEqual([8257n]);
  });

  it('A25 a redemption that is cancelled gives back what it released', () => {
    expect(releases(8257n, 100, 40, 0, 40)).toEqual([3303n, -3303n, 3303n]);
    expect(carryingAmount({ allocated: 8257n, points: 100 }, 40)).toBe(4954n);
  });

  it('A26 expiry releases the remainder', () => {
    expect(releases(8257n, 100, 40, 100)[1]).toBe(4954n);
  });

  it('A02 the lot part of Example 52, to one unit of its own cumulative rounding', () => {
    // 0 decimals: 3,904 and 3,471, closing gross 4,772 and 1,301.
    expect(releases(8676n, 10_000, 4500, 8500)).toEqual([3904n, 3471n]);
    expect([4500, 8500].map((out) => carryingAmount({ allocated: 8676n, points: 10_000 }, out))).toEqual([
      4772n,
      1301n,
    ]);
  });

  it.each([-1, 101])('refuses %s of 100 points out', (out) => {
    expect(() => carryingAmount({ allocated: 1n, points: 100 }, out)).toThrow(RangeError);
  });
});
