import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { proseOf } from './docs/markdown-prose.js';

const ROOT = join(import.meta.dirname, '..');
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'CODE_OF_CONDUCT.md',
  ...filesIn('docs', /^[\w-]+\.md$/),
];
const SOURCES = ['src', 'bench', 'scripts'].flatMap((folder) => filesIn(folder, /(?<!spec)\.(ts|mjs)$/));

/** Subjects without a noun, "is told" for what is reported or recorded, "judge" for evaluate or validate. */
const VAGUE =
  /\b(whoever|somebody|nobody|everybody|what was asked|judge[sd]?|(is|are|was|were|be|been|being) told)\b/i;
/** A value, such as the system's account `nobody`. */
const VALUE = /`[^`\s]*`|'\w+'/g;

function filesIn(folder: string, pattern: RegExp): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name));
}

/** @returns the vague sentences among the lines of a file, each with its place */
function vague(path: string, lines: readonly string[]): readonly string[] {
  return lines.flatMap((line, at) =>
    VAGUE.test(line.replace(VALUE, '')) ? [`${path}:${at + 1}: ${line.trim()}`] : [],
  );
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('sentences name their subject', () => {
  it('on the public pages', () => {
    expect(PAGES.length).toBeGreaterThan(12);
    expect(PAGES.flatMap((path) => vague(path, proseOf(read(path))))).toEqual([]);
  });

  it('in the messages and the comments of the sources', () => {
    expect(SOURCES.length).toBeGreaterThan(500);
    expect(SOURCES.flatMap((path) => vague(path, read(path).split('\n')))).toEqual([]);
  });

  it.each([
    ['* Whoever spends reads the first of them.', true],
    ['* The fault is told at once.', true],
    ["const CANDIDATES = ['postgres', 'nobody'];", false],
    ['else as `nobody`.', false],
  ])('%s', (line, expected) => {
    expect(vague('page', [line]).length > 0).toBe(expected);
  });
});
