import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';

describe('canonicalJson', () => {
  it.each([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ b: { d: 1, c: [3, { f: 1, e: 2 }] }, a: null }, '{"a":null,"b":{"c":[3,{"e":2,"f":1}],"d":1}}'],
    [{ a: undefined, b: 1 }, '{"b":1}'],
    [[1, undefined, null], '[1,null,null]'],
    [[], '[]'],
    [{}, '{}'],
    ['a"b\n', '"a\\"b\\n"'],
    [true, 'true'],
    [undefined, 'null'],
    [null, 'null'],
    [-0, '0'],
    // RFC 8785 sorts by UTF-16 code units: a surrogate pair comes before U+FB33.
    [{ '\ufb33': 1, '\u{1f600}': 2, '\u20ac': 3 }, '{"\u20ac":3,"\u{1f600}":2,"\ufb33":1}'],
  ])('writes %j', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('tells apart what JSON tells apart', () => {
    const texts = [[1, 2], [2, 1], ['1', 2], { '0': 1, '1': 2 }, [[1], 2], [1, [2]], '[1,2]'].map(
      canonicalJson,
    );
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('means what it was given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('does not depend on the order in which fields came', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        const reversed = Object.fromEntries(Object.entries(record).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(record));
      }),
    );
  });
});
