import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { anchorsOf, tablesOf } from './markdown-prose.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['src', 'migrations', 'test', 'bench', 'scripts'];
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const ITSELF = join('test', 'docs', 'citations.spec.ts');
const SOURCES = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .map((name) => join(folder, name))
    .filter((path) => path !== ITSELF),
);

const COMMENT = /\/\*\*?([\s\S]*?)\*\/|^\s*\/\/(.*)$/gm;
const PAGE = /\bdocs\/[\w/-]+\.md(?:#[\w-]+)?/g;
const RECORD = /\bADR (\d{4})\b/g;
/** Entries, invariants and worked examples of the accounting model. */
const NUMBER = /\b(?:E\d{2}|I\d{1,2}|A\d{2}b?)\b/g;
/** Pages that are not in the repository. */
const ELSEWHERE =
  /\b(?:DESIGN|accounting (?:model|vector)|scenario (?:decision)?|semantics|books),?\s+(?:section\s+)?\d+(?:\.\d+)?\b/g;

/** The text of a file's comments, each in one line. */
function commentsOf(source: string): readonly string[] {
  return [...source.matchAll(COMMENT)].map(([, block, line]) =>
    (block ?? line ?? '').replace(/\s*\n\s*\*?\s*/g, ' '),
  );
}

function cited(pattern: RegExp): readonly { readonly path: string; readonly name: string }[] {
  return SOURCES.flatMap((path) =>
    commentsOf(read(path)).flatMap((text) => (text.match(pattern) ?? []).map((name) => ({ path, name }))),
  );
}

describe('what comments cite', () => {
  it('is a page that exists, and a heading in it', () => {
    const pages = cited(PAGE);
    expect(pages.length).toBeGreaterThan(40);
    const missing = pages.filter(({ name }) => {
      const [page = '', anchor] = name.split('#');
      if (!existsSync(join(ROOT, page))) return true;
      return anchor !== undefined && !anchorsOf(read(page)).includes(anchor);
    });
    expect(missing).toEqual([]);
  });

  it('is a decision that exists', () => {
    const records = readdirSync(join(ROOT, 'docs/adr')).map((name) => name.slice(0, 4));
    const missing = cited(RECORD).filter(({ name }) => !records.includes(name.slice('ADR '.length)));
    expect(missing).toEqual([]);
  });

  it('is an entry, an invariant or an example that docs/accounting.md has', () => {
    const page = read('docs/accounting.md');
    const known = new Set(page.match(NUMBER));
    expect(tablesOf(page).length).toBeGreaterThan(5);
    const numbers = cited(NUMBER);
    expect(numbers.length).toBeGreaterThan(25);
    expect(numbers.filter(({ name }) => !known.has(name))).toEqual([]);
  });

  // A migration that was merged is never edited, nor are its comments.
  it('is no page that the repository does not have', () => {
    const foreign = cited(ELSEWHERE).filter(({ path }) => !path.startsWith('migrations/'));
    expect(foreign).toEqual([]);
  });

  it('is seen across the lines of a comment', () => {
    const [text] = commentsOf(
      '/**\n * As the accounting\n * model 1.6 has it (docs/a.md#b).\n */\nconst a = 1;',
    );
    expect(text).toContain('accounting model 1.6');
    expect(text?.match(ELSEWHERE)).toEqual(['accounting model 1.6']);
    expect(text?.match(PAGE)).toEqual(['docs/a.md#b']);
  });
});
