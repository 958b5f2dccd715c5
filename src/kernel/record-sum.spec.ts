import { EMPTY_SUM, RecordSum } from './record-sum.js';
import { sha256Hex } from './sha256.js';

const [one, two, three] = ['one', 'two', 'three'].map(sha256Hex) as [string, string, string];

function sumOf(...digests: readonly string[]): string {
  const sum = new RecordSum(EMPTY_SUM);
  for (const digest of digests) sum.add(digest);
  return String(sum);
}

describe('a sum of digests', () => {
  it('is the same in any order, and goes on from its text', () => {
    expect(sumOf(one, two, three)).toBe(sumOf(three, one, two));
    const later = new RecordSum(sumOf(one, two));
    later.add(three);
    expect(String(later)).toBe(sumOf(one, two, three));
  });

  it('tells a digest that is missing, twice there or another', () => {
    const sums = [sumOf(one, two), sumOf(one), sumOf(one, two, two), sumOf(one, three), sumOf()];
    expect(new Set(sums).size).toBe(sums.length);
  });

  it('gives back what is taken out, below nothing, too', () => {
    const sum = new RecordSum(sumOf(one));
    sum.takeOut(two);
    expect(String(sum)).toMatch(/^[0-9a-f]{64}$/);
    sum.takeOut(one);
    sum.add(two);
    expect(String(sum)).toBe(EMPTY_SUM);
  });

  it('wraps at 2^256', () => {
    expect(sumOf('f'.repeat(64), `${'0'.repeat(63)}1`)).toBe(EMPTY_SUM);
  });
});
