import { blocksOf } from './markdown-page.js';
import { shows } from './shows.js';

describe('what a page shows', () => {
  it.each([
    ['white space', '{ "a": 1,\n  "b": 2 }', '{"a":1,"b":2}'],
    ['the order of fields', '{ "b": 2, "a": 1 }', '{"a":1,"b":2}'],
    ['fields left out', '{ "a": 1, …, "d": 4 }', '{"d":4,"b":2,"a":1,"c":3}'],
    ['no field left out', '{ "a": 1, …, "d": 4 }', '{"a":1,"d":4}'],
    ['all fields left out', '{ "a": {…} }', '{"a":{"b":{"c":2}}}'],
    ['a value left out', '{ "a": …, "b": 1 }', '{"a":[],"b":1}'],
    ['elements left out', '[{ "a": 1, … }, …]', '[{"a":1,"b":2},{"a":2}]'],
    ['another id', '{"id":"pur_01m82a9zg9e008wrxrg56sc97q"}', '{"id":"pur_01m82a9zg9e008wrxrg56sc000"}'],
    ['an id left out', '{"id":"pur_…"}', '{"id":"pur_01m82a9zg9e008wrxrg56sc000"}'],
    ['another instant', '{"at":"2026-11-22T19:04:11.626Z"}', '{"at":"2030-01-01T00:00:00Z"}'],
    ['several answers', '{ "a": 1 }\n{ "b": 2, … }', '{"a":1}{"b":2,"c":3}'],
    ['a part of a text', 'Clean: 5 accounts, … movements', 'Clean: 5 accounts, 18 lots, 24 movements\n'],
  ])('may differ in %s', (_, shown, printed) => {
    expect(shows(shown, printed)).toBe(true);
  });

  it.each([
    ['a figure', '{ "points": 126, … }', '{"points":127}'],
    ['the type of a figure', '{ "points": 126, … }', '{"points":"126"}'],
    ['a field that is missing', '{ "a": 1, "b": …, … }', '{"a":1}'],
    ['a field that is not shown', '{ "a": 1 }', '{"a":1,"b":2}'],
    ['an element that is not shown', '[1]', '[1,2]'],
    ['the kind of an id', '{"id":"pur_…"}', '{"id":"rdm_01m82a9zg9e008wrxrg56sc000"}'],
    ['a second answer', '{ "a": 1 }', '{"a":1}\n{"a":2}'],
    ['words behind the answer', '{ "a": 1 }', '{"a":1} and an error'],
    ['a character with a meaning in patterns', 'is 1.5', 'is 1x5'],
  ])('may not differ in %s', (_, shown, printed) => {
    expect(shows(shown, printed)).toBe(false);
  });

  it('is JSON where it begins as JSON', () => {
    expect(() => shows('{ "from": { "memberId" } }', '{}')).toThrow();
  });
});

describe('the blocks of a page', () => {
  it('have the output behind them, their file, and why they are not run', () => {
    const page = [
      'Run it:',
      ...['```sh', 'echo 1', '```', '', '```text', '1', '```'],
      ...['<!-- not run: it never ends -->', '', '```sh', 'sleep 9', 'sleep 9', '```', 'It sleeps.'],
      ...['```text', 'no output', '```', '<!-- file: a.js -->', '```js', 'a', '```'],
    ].join('\n');
    expect(blocksOf(page)).toEqual([
      { language: 'sh', text: 'echo 1', line: 2, shown: '1', notRun: null, file: null },
      { language: 'text', text: '1', line: 6, shown: null, notRun: null, file: null },
      {
        language: 'sh',
        text: 'sleep 9\nsleep 9',
        line: 11,
        shown: null,
        notRun: 'it never ends',
        file: null,
      },
      { language: 'text', text: 'no output', line: 16, shown: null, notRun: null, file: null },
      { language: 'js', text: 'a', line: 20, shown: null, notRun: null, file: 'a.js' },
    ]);
  });
});
