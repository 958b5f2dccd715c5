import { readdirSync, readFileSync } from 'node:fs';

const ROOT = new URL('../', import.meta.url);

describe('the map of the house', () => {
  it.each(['README.md', 'docs/zh-Hant/README.md'])(
    'in %s names every folder of src, and no other',
    (page) => {
      const folders = readdirSync(new URL('src/', ROOT), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name);
      const [map = ''] = /^src\/\n(?: {2}.*\n)+/m.exec(readFileSync(new URL(page, ROOT), 'utf8')) ?? [];
      const lines = map.split('\n').slice(1, -1);
      expect(lines.map((line) => /^ {2}([a-z-]+)\/ +\S/.exec(line)?.[1]).toSorted()).toEqual(
        folders.toSorted(),
      );
    },
  );
});
