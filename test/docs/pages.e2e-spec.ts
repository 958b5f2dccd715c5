import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDemoShop } from './demo-shop.js';
import { blocksOf } from './markdown-page.js';
import { runBlocks, type Ran } from './run-blocks.js';
import { shows } from './shows.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Not run: `translations.spec.ts` says that their commands are those of the English pages. */
const TRANSLATIONS = 'docs/zh-Hant/';
const PAGES = ['README.md', ...pagesOf('docs')].filter((page) => !page.startsWith(TRANSLATIONS));
const PATIENCE_MS = 180_000;

/**
 * Every shell block of the README and of docs/ is run against a fresh demo, page by page, and prints what the page
 * shows. A block that cannot run here says why: `<!-- not run: … -->`.
 */
describe('the pages', () => {
  const withCommands = PAGES.map((page) => ({
    page,
    blocks: blocksOf(readFileSync(join(ROOT, page), 'utf8')),
  }))
    .map(({ page, blocks }) => ({
      page,
      files: blocks.filter(({ file }) => file !== null),
      commands: blocks.filter(({ language, notRun }) => language === 'sh' && notRun === null),
    }))
    .filter(({ commands }) => commands.length > 0);

  // As the reader's first `npm start` does, so that no command says that it compiles.
  beforeAll(() => {
    execFileSync(process.execPath, [join(ROOT, 'scripts', 'ensure-built.mjs')], { stdio: 'ignore' });
  }, PATIENCE_MS);

  it('have commands to run', () => {
    expect(withCommands.map(({ page }) => page)).toEqual(
      expect.arrayContaining(['README.md', 'docs/api.md']),
    );
    expect(withCommands.flatMap(({ commands }) => commands).length).toBeGreaterThanOrEqual(28);
  });

  it.each(withCommands)(
    '$page prints what it shows',
    async ({ page, files, commands }) => {
      const shop = await openDemoShop();
      try {
        for (const { file, text } of files) await writeFile(join(shop.folder, file as string), text);
        const ran = await runBlocks(commands, shop);
        expect(ran.flatMap((done) => faultsOf(done, page))).toEqual([]);
      } finally {
        await shop.close();
      }
    },
    PATIENCE_MS,
  );
});

function faultsOf({ block, printed, code }: Ran, page: string): readonly object[] {
  const where = `${page}:${block.line}`;
  if (code !== 0) return [{ where, code, printed }];
  if (block.shown === null) return printed.includes('urn:laurel:problem:') ? [{ where, printed }] : [];
  return shows(block.shown, printed) ? [] : [{ where, shown: block.shown, printed }];
}

function pagesOf(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`)
    .sort();
}
