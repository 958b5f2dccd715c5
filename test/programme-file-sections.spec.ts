import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigKinds } from '../src/platform/versioned-config/config-kinds.js';
import { SECTIONS } from '../src/programme-file/sections.js';
import { appWithoutDatabase } from './harness/app-without-database.js';

const SOURCES = join(import.meta.dirname, '..', 'src');

describe("a programme's file", () => {
  const kinds = SECTIONS.map(({ kind }) => kind).toSorted();

  it('has a section for every kind that the engine offers: add it to src/programme-file/sections.ts', async () => {
    const offered = (await appWithoutDatabase()).get(ConfigKinds).all();
    expect([...offered.keys()].toSorted()).toEqual(kinds);
    for (const { kind, single } of SECTIONS)
      if (single) expect(typeof offered.get(kind)?.routes.key).toBe('string');
  });

  it('has one for every kind that a source names', () => {
    const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /(?<!spec)\.ts$/.test(name),
    );
    const texts = files.map((name) => readFileSync(join(SOURCES, name), 'utf8'));
    const declared = texts.flatMap((text) =>
      [...text.matchAll(/: ConfigKind<[^=]*> = \{\s*name: ('[\w-]+'|[A-Z_]+)/g)].map(
        ([, name]) => name ?? '',
      ),
    );
    // The kind of ladders is named by a constant, in two places.
    const named = new Set(
      declared.map((name) => (name === 'TIER_SET_KIND' ? 'tier-set' : name.slice(1, -1))),
    );
    expect([...named].toSorted()).toEqual(kinds);
  });

  it('names each section and each kind once', () => {
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(new Set(SECTIONS.map(({ name }) => name)).size).toBe(SECTIONS.length);
  });
});
