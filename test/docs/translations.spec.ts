import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blocksOf } from './markdown-page.js';
import { headingsOf, tablesOf } from './markdown-prose.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = 'docs/zh-Hant';
const PAGES = readdirSync(join(ROOT, FOLDER)).sort();
/** Leaves parts of the English page out: what a first installation does not need. */
const EXCERPTS = ['operations.md'];

const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');
const original = (page: string): string => read(page === 'README.md' ? page : `docs/${page}`);
const translation = (page: string): string => read(`${FOLDER}/${page}`);

/** The commands of a page, what they print, and whether `pages.e2e-spec.ts` runs them. */
const commandsOf = (markdown: string) =>
  blocksOf(markdown)
    .filter(({ language, file }) => language === 'sh' || file !== null)
    .map(({ language, text, shown, notRun, file }) => ({ language, text, shown, notRun, file }));

/** The commands of the translations are not run: they are those of the English pages, which are. */
describe('the pages in Traditional Chinese', () => {
  const whole = PAGES.filter((page) => !EXCERPTS.includes(page));

  it('are those that a reader needs', () => {
    expect(PAGES).toEqual([
      'README.md',
      'accounting.md',
      'activities.md',
      'api.md',
      'budgets.md',
      'calendar.md',
      'campaigns.md',
      'changes.md',
      'conditions.md',
      'earning.md',
      'import.md',
      'operations.md',
      'programme-as-code.md',
      'simulations.md',
      'tiers.md',
      'your-own-shop.md',
    ]);
  });

  it.each(whole)('%s has the commands of the English page, and what they print', (page) => {
    expect(commandsOf(translation(page))).toEqual(commandsOf(original(page)));
  });

  it.each(whole)(
    '%s has the tables of the English page, row by row, with the same codes and fields',
    (page) => {
      expect(tablesOf(translation(page))).toEqual(tablesOf(original(page)));
    },
  );

  it.each(whole)('%s has the sections of the English page', (page) => {
    const levels = (markdown: string) => headingsOf(markdown).map(({ level }) => level);
    expect(levels(translation(page))).toEqual(levels(original(page)));
  });

  it.each(EXCERPTS)('%s has commands of the English page, in its order', (page) => {
    expect(foreign(commandsOf(translation(page)), commandsOf(original(page)))).toEqual([]);
  });

  it.each(EXCERPTS)('%s has whole tables of the English page, in its order', (page) => {
    expect(foreign(tablesOf(translation(page)), tablesOf(original(page)))).toEqual([]);
  });
});

describe('an excerpt', () => {
  it.each([
    ['nothing', [], []],
    ['some, in order', [1, 3], []],
    ['another', [1, 9, 3], [9, 3]],
    ['the same, not in order', [3, 1], [1]],
    ['one that is there once, twice', [2, 2], [2]],
  ])('of %s', (_, part, missing) => {
    expect(foreign(part, [1, 2, 3])).toEqual(missing);
  });
});

/** @returns `part` from its first element on that does not follow in `whole`: nothing if it is a subsequence */
function foreign<T>(part: readonly T[], whole: readonly T[]): readonly T[] {
  const texts = part.map((element) => JSON.stringify(element));
  let matched = 0;
  for (const element of whole) if (texts[matched] === JSON.stringify(element)) matched += 1;
  return part.slice(matched);
}
