import fc from 'fast-check';
import { configDiff } from './config-diff.js';

const LADDER = {
  measure: 'spend',
  tiers: [
    { key: 'basic', threshold: 0 },
    { key: 'gold', threshold: 500 },
  ],
};

function changed(before: object, after: object): readonly (readonly unknown[])[] {
  return configDiff(before, after).map((change) => [change.change, change.path, change.before, change.after]);
}

describe('what differs between two definitions', () => {
  it('is nothing where they say the same, in whatever order their fields stand', () => {
    expect(changed({ a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1 })).toEqual([]);
  });

  it('is named by field, with what stood there and what stands there', () => {
    expect(
      changed(
        { name: 'A', amount: { points: 1 }, endsAt: null },
        { name: 'A', amount: { points: 2 }, lines: 3 },
      ),
    ).toEqual([
      ['changed', '/amount/points', 1, 2],
      ['removed', '/endsAt', null, null],
      ['added', '/lines', null, 3],
    ]);
  });

  it('names an element of a list by its own name where each has one', () => {
    const gold = { key: 'gold', threshold: 400 };
    const silver = { key: 'silver', threshold: 100 };
    expect(changed(LADDER, { ...LADDER, tiers: [LADDER.tiers[0], silver, gold] })).toEqual([
      ['changed', '/tiers/gold/threshold', 500, 400],
      ['added', '/tiers/silver', null, silver],
    ]);
  });

  it('says so when only the order of a list changes', () => {
    expect(changed(LADDER, { ...LADDER, tiers: LADDER.tiers.toReversed() })).toEqual([
      ['changed', '/tiers', ['basic', 'gold'], ['gold', 'basic']],
    ]);
  });

  it('shows a list of texts whole, and nameless elements by their place', () => {
    expect(changed({ a: ['x'], b: [{ n: 1 }] }, { a: ['x', 'y'], b: [{ n: 2 }] })).toEqual([
      ['changed', '/a', ['x'], ['x', 'y']],
      ['changed', '/b/0/n', 1, 2],
    ]);
  });

  it('escapes names as JSON pointers do, and reads no field that every object has', () => {
    expect(changed({ 'a/b~c': 1 }, { 'a/b~c': 2, toString: 'x' })).toEqual([
      ['changed', '/a~1b~0c', 1, 2],
      ['added', '/toString', null, 'x'],
    ]);
  });

  it('is a sentence in both languages, unless a value is too long for one', () => {
    const [points] = configDiff({ points: 1 }, { points: 2 });
    expect(points?.sentence).toEqual({
      en: '/points changes from 1 to 2.',
      'zh-Hant': '/points 由 1 改為 2。',
    });
    expect(configDiff({ points: 1 }, {})[0]?.sentence?.['zh-Hant']).toBe('移除 /points，原為 1。');
    expect(configDiff({}, { points: 1 })[0]?.sentence?.en).toBe('/points is added: 1.');
    expect(configDiff({ a: 'x' }, { a: 'y'.repeat(100) })[0]?.sentence).toBeNull();
  });

  it('is nothing only for equal definitions', () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 3 }), fc.object({ maxDepth: 3 }), (before, after) => {
        const [a, b] = [before, after].map(
          (value) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>,
        ) as [Record<string, unknown>, Record<string, unknown>];
        expect(configDiff(a, a)).toEqual([]);
        const sorted = (value: unknown): unknown =>
          value !== null && typeof value === 'object' && !Array.isArray(value)
            ? Object.fromEntries(
                Object.entries(value)
                  .sort(([x], [y]) => (x < y ? -1 : 1))
                  .map(([key, part]) => [key, sorted(part)]),
              )
            : Array.isArray(value)
              ? value.map(sorted)
              : value;
        const same = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
        expect(configDiff(a, b).length === 0).toBe(same);
      }),
    );
  });
});
