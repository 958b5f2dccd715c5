import { ladder } from '../../../test/builders/tiers.js';
import { tierSetFault } from './tier-set.js';

describe('a ladder that cannot be used', () => {
  const tier = (key: string, threshold: number) => ({ key, name: key, threshold });

  it.each([
    ['has no tier', [], 'The first tier must have the threshold 0.'],
    ['starts above 0', [tier('a', 1)], 'The first tier must have the threshold 0.'],
    ['names a key twice', [tier('a', 0), tier('a', 5)], 'Each tier must have a key of its own.'],
    [
      'has two tiers at one threshold',
      [tier('a', 0), tier('b', 5), tier('c', 5)],
      'Each tier must have a higher threshold than the one before it.',
    ],
    [
      'descends',
      [tier('a', 0), tier('b', 5), tier('c', 4)],
      'Each tier must have a higher threshold than the one before it.',
    ],
  ])('%s', (_, tiers, fault) => {
    expect(tierSetFault(tiers)).toBe(fault);
  });

  it('is neither the usual one nor one with a single tier', () => {
    expect(tierSetFault(ladder().tiers)).toBeNull();
    expect(tierSetFault([tier('a', 0)])).toBeNull();
  });
});
