import { bind } from './table.js';

describe('a value of the domain, as the driver binds it', () => {
  it.each([
    ['id', 'acc_01h455vb4pex5vsknk084sn02q', '01890a5d-ac96-774b-bcce-b302099a8057'],
    ['instant', Date.parse('2026-03-10T12:00:00.123Z'), '2026-03-10T12:00:00.123Z'],
    ['instant', '2026-03-10T12:00:00+01:00', '2026-03-10T12:00:00+01:00'],
    ['instant', 0, '1970-01-01T00:00:00.000Z'],
    ['json', [{ a: 1 }], '[{"a":1}]'],
    ['json', 'text', '"text"'],
    ['bytea', 'c0ffee', '\\xc0ffee'],
    ['bigint', 2n ** 62n, '4611686018427387904'],
    ['bigint', 9_007_199_254_740_991, '9007199254740991'],
    ['bigint', 0, '0'],
    ['text', '', ''],
    ['boolean', false, false],
    ['date', '2026-03-10', '2026-03-10'],
  ] as const)('%s %p', (type, value, bound) => {
    expect(bind(type, value)).toBe(bound);
  });

  it.each(['id', 'instant', 'json', 'bytea', 'bigint', 'text'] as const)('nothing is NULL: %s', (type) => {
    expect(bind(type, null)).toBeNull();
    expect(bind(type, undefined)).toBeNull();
  });

  it('that is no id is refused', () => {
    expect(() => bind('id', 'acc_nonsense')).toThrow(RangeError);
  });
});
