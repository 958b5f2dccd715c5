import { readFileSync } from 'node:fs';
import { VOCABULARY } from './vocabulary.js';

/** The rows of a page's table of values: name, type, meaning. */
function rowsOf(path: string): string[][] {
  const page = readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8');
  const rows = page
    .split('\n')
    .filter((line) => /^\| `(?:receipt|line|activity|member|history|time)\./.test(line));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

describe('what conditions may read', () => {
  it.each([
    ['conditions.md', 'en'],
    ['zh-Hant/conditions.md', 'zh'],
  ] as const)('stands in docs/%s, all of it', (path, language) => {
    const rows = Object.entries(VOCABULARY).flatMap(([subject, { fields, methods }]) => [
      ...Object.entries(fields).map(([name, value]) => [`${subject}.${name}`, value.type, value[language]]),
      ...Object.entries(methods).map(([name, value]) => [
        `${subject}.${name}("…")`,
        value.type,
        value[language],
      ]),
    ]);
    expect(rowsOf(path)).toEqual(rows);
  });
});
