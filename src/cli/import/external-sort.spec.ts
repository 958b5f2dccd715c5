import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { ExternalSort } from './external-sort.js';

describe('ExternalSort', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'laurel-sort-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const sort = async (keys: readonly string[], limits: { records: number; fanIn: number }) => {
    const sorter = new ExternalSort<{ key: string }>(folder, 'run', { ...limits, characters: 1e9 });
    for (const key of keys) await sorter.add(key, { key });
    const found: string[] = [];
    for await (const { key } of sorter.sorted()) found.push(key);
    return found;
  };
  const byCodeUnit = (keys: readonly string[]) => [...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

  it('sorts any texts through runs on disk as it does in memory', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary' })),
        fc.integer({ min: 1, max: 9 }),
        async (keys, records) => {
          await rm(folder, { recursive: true });
          folder = await mkdtemp(join(tmpdir(), 'laurel-sort-'));
          expect(await sort(keys, { records, fanIn: 3 })).toEqual(byCodeUnit(keys));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('merges in several rounds, with few files at a time', async () => {
    const keys = Array.from({ length: 5_000 }, (_, index) => `key ${(index * 7919) % 5_000}\n\t"雪"`);
    expect(await sort(keys, { records: 10, fanIn: 4 })).toEqual(byCodeUnit(keys));
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves the disk alone when everything fits', async () => {
    expect(await sort(['b', 'a'], { records: 10, fanIn: 4 })).toEqual(['a', 'b']);
    expect(await readdir(folder)).toEqual([]);
  });

  it('bounds what it holds by size as well', async () => {
    const sorter = new ExternalSort<string>(folder, 'run', { records: 1e9, characters: 100, fanIn: 4 });
    expect(sorter.add('a', 'x'.repeat(20))).toBeUndefined();
    await sorter.add('b', 'x'.repeat(200));
    expect(await readdir(folder)).toHaveLength(1);
  });
});
