import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { anchorsOf, headingsOf, linksOf, tablesOf } from './markdown-prose.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['docs', 'bench'];
const PAGES = [...pagesOf('.', false), ...FOLDERS.flatMap((folder) => pagesOf(folder, true))];

const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** Links to other sites are not followed: the tests touch no network. */
describe('the links of the pages', () => {
  it('are many', () => {
    expect(PAGES).toEqual(
      expect.arrayContaining(['README.md', 'CHANGELOG.md', 'docs/api.md', 'docs/adr/README.md']),
    );
    expect(PAGES.flatMap((page) => linksOf(read(page))).length).toBeGreaterThan(100);
  });

  it.each(PAGES)('%s names files that exist, and headings in them', (page) => {
    const broken = linksOf(read(page)).filter(
      ({ target }) => !/^[a-z]+:/.test(target) && !resolves(page, target),
    );
    expect(broken).toEqual([]);
  });
});

describe('a page', () => {
  it.each([
    ['API guide', 'api-guide'],
    ["The programme's policy, 2nd part", 'the-programmes-policy-2nd-part'],
    ['What to do on 503', 'what-to-do-on-503'],
    ['`verify`: every_row again', 'verify-every_row-again'],
    ['How to add …', 'how-to-add-'],
    ['See [the ledger](ledger.md#lots)', 'see-the-ledger'],
    ['試算與說明（dry run）', '試算與說明dry-run'],
    ['2. 計畫政策', '2-計畫政策'],
  ])('has GitHub’s anchor for the heading "%s"', (title, anchor) => {
    expect(headingsOf(`# ${title}`)).toEqual([{ level: 1, anchor }]);
  });

  it('numbers the anchors of equal headings, and has none in code', () => {
    const page = ['## Backup', '```sh', '# Backup', '```', '### Backup'].join('\n');
    expect(headingsOf(page)).toEqual([
      { level: 2, anchor: 'backup' },
      { level: 3, anchor: 'backup-1' },
    ]);
  });

  it('has anchors of its own, too', () => {
    expect(anchorsOf('# Keys\n<a id="first-key"></a>**The first key.** It …')).toEqual(['keys', 'first-key']);
  });

  it('has links, but none in code', () => {
    const page = [
      'See [a](a.md#b) and [c](<d.md>).',
      '```text',
      '[e](f)',
      '```',
      '`[g](h)` ![i](j.svg)',
    ].join('\n');
    expect(linksOf(page)).toEqual([
      { target: 'a.md#b', line: 1 },
      { target: 'd.md', line: 1 },
      { target: 'j.svg', line: 5 },
    ]);
  });

  it('has tables, of which the code stays in a translation', () => {
    const page = ['| `a` | b |', '| --- | :-: |', '| `z`, `c` | |', '', '| d |', '| - |', 'text'].join('\n');
    expect(tablesOf(page)).toEqual([[['a'], ['c', 'z']], [[]]]);
  });
});

function resolves(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#').map(decodeURIComponent);
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, file))) return false;
  return anchor === undefined || anchorsOf(read(file)).includes(anchor);
}

function pagesOf(folder: string, recursive: boolean): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name))
    .sort();
}
