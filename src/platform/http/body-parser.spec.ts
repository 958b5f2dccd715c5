import type { Problem } from '../../kernel/problem.js';
import { MAX_DEPTH, parseJson } from './body-parser.js';
import { ProblemException } from './problem.exception.js';

function problemFor(text: string): Problem | null {
  try {
    parseJson(text);
    return null;
  } catch (error) {
    if (error instanceof ProblemException) return error.problem;
    throw error;
  }
}

function nested(levels: number): string {
  return `${'[{"a":'.repeat(levels / 2)}"]}"${'}]'.repeat(levels / 2)}`;
}

describe('a body that is taken', () => {
  it.each([
    ['an object', '{"a":[1,"x",null,true]}', { a: [1, 'x', null, true] }],
    ['characters of any script', '{"名":"😀"}', { 名: '😀' }],
    ['a surrogate pair that is escaped', '"\\ud83d\\ude00"', '😀'],
    ['a backslash before what looks like an escape', '"\\\\u0000"', '\\u0000'],
    ['the word __proto__ as a value', '{"a":"__proto__"}', { a: '__proto__' }],
    ['as many levels as there may be', nested(MAX_DEPTH), JSON.parse(nested(MAX_DEPTH))],
    [
      'many objects side by side',
      `[${'{},'.repeat(100)}[]]`,
      [...Array.from({ length: 100 }, () => ({})), []],
    ],
    ['any number of brackets in a string', `["${'{['.repeat(100)}\\"["]`, [`${'{['.repeat(100)}"[`]],
  ])('%s', (_, text, value) => {
    expect(parseJson(text)).toEqual(value);
  });
});

describe('a body that is refused', () => {
  it.each([
    ['is cut off', '{"a":'],
    ['is empty', ''],
    ['has something after it', '{} {}'],
    ['has a NUL character, which PostgreSQL cannot keep', '{"a":"x\\u0000y"}'],
    ['has a NUL character in a field name', '{"a\\u0000":1}'],
    ['has a lone surrogate', '{"a":"\\ud800"}'],
    ['has a lone low surrogate, in capitals', '{"a":"\\uDC00"}'],
    ['has a lone surrogate deep inside', '{"a":[{"b":["\\ud83d"]}]}'],
    ['has surrogates the wrong way round', '"\\ude00\\ud83d"'],
    ['names a field __proto__', '{"__proto__":{"admin":true}}'],
    ['names a field __proto__ with an escape', '{"\\u005f_proto__":{"admin":true}}'],
  ])('because it %s', (_, text) => {
    expect(problemFor(text)).toMatchObject({ code: 'MALFORMED_JSON', status: 400 });
  });

  it('because it is a level too deep', () => {
    expect(problemFor(`[${nested(MAX_DEPTH)}]`)).toMatchObject({ code: 'MALFORMED_JSON', status: 400 });
    expect(problemFor(`{"a":${nested(MAX_DEPTH)},"b":1}`)).toMatchObject({ code: 'MALFORMED_JSON' });
  });

  it('because it is nested beyond all reason, not with a crash', () => {
    const depth = 50_000;
    const text = `${'['.repeat(depth)}"\\u0000"${']'.repeat(depth)}`;
    expect(problemFor(text)).toMatchObject({ status: 400 });
  });
});
