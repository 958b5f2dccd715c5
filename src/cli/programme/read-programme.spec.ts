import { programmeOf, ProgrammeFileError } from './read-programme.js';

const FILE = `# the shop
format: laurel-programme/1
earningRules:
  base:
    name: Base
    amount:
      type: perSpend
      points: 1
  a/b: { name: Odd }
tierSets:
  main:
    tiers:
      - key: basic
      - key: gold
`;

describe("a programme's file", () => {
  const file = programmeOf(FILE, 'shop.yaml');

  it.each([
    ['/format', '2:1'],
    ['/earningRules/base', '4:3'],
    ['/earningRules/base/amount/points', '8:7'],
    ['/earningRules/a~1b/name', '9:10'],
    ['/tierSets/main/tiers/1/key', '14:9'],
    // What is missing has the place of what should hold it.
    ['/earningRules/base/amount/stepMinor', '6:5'],
    ['', '1:1'],
  ])('has %j at %s', (pointer, place) => {
    expect(file.placeOf(pointer)).toBe(`shop.yaml:${place}`);
  });

  it('may be JSON, which has places as well', () => {
    const json = programmeOf('{\n  "format": "laurel-programme/1"\n}', 'shop.json');
    expect(json.value).toEqual({ format: 'laurel-programme/1' });
    expect(json.placeOf('/format')).toBe('shop.json:2:3');
  });

  it.each([
    ['a: 1\na: 2\n', 'shop.yaml:2:1 is no YAML: Map keys must be unique'],
    ['a: [1\n', 'shop.yaml:2:1 is no YAML'],
    ['- a\n', 'shop.yaml:1:1 must be an object of sections.'],
    ['', 'shop.yaml:1:1 must be an object of sections.'],
  ])('that is %j is refused with its place', (text, message) => {
    expect(() => programmeOf(text, 'shop.yaml')).toThrow(ProgrammeFileError);
    expect(() => programmeOf(text, 'shop.yaml')).toThrow(message);
  });

  it('that repeats itself without end is refused', () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const before = level === 0 ? 'x' : `*a${level - 1}`;
      return `a${level}: &a${level} [${Array(9).fill(before).join(', ')}]`;
    });
    expect(() => programmeOf(levels.join('\n'), 'shop.yaml')).toThrow('Excessive alias count');
  });
});
