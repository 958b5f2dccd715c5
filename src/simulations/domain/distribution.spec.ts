import { distributionOf } from './distribution.js';

describe('the distribution of differences', () => {
  it('has the values in their places by nearest rank', () => {
    // 1 to 200, in no order: p per cent is the value in place 2 x p.
    const values = Array.from({ length: 200 }, (_, index) => ((index * 7) % 200) + 1);
    expect(distributionOf(values)).toEqual({
      ...{ minimum: 1, p1: 2, p5: 10, p10: 20, p25: 50, p50: 100, p75: 150, p90: 180, p95: 190, p99: 198 },
      maximum: 200,
    });
  });

  it('rounds places up, and orders losses before gains', () => {
    expect(distributionOf([5, -30, 0])).toMatchObject({
      ...{ minimum: -30, p25: -30, p50: 0, p75: 5, maximum: 5 },
    });
  });

  it('is none of nothing', () => {
    expect(distributionOf([])).toBeNull();
  });
});
