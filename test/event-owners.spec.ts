import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SRC = fileURLToPath(new URL('../src', import.meta.url));
const NAME = `'([a-z]+\\.[a-zA-Z]+)'`;
/** Where `domain-events.ts` declares an event, and where a decision emits one. */
const DECLARED = new RegExp(`^ {4}${NAME}: `, 'gm');
const EMITTED = new RegExp(`\\btype: ${NAME}`, 'g');

/**
 * Modules, and an event, that all others may emit. The ledger's are the ways in which points move: every module that
 * moves points emits them, and the ledger owns what they do to lots and balances. The audit log's says what a person
 * did, wherever that is. Points are awarded by whatever rewards a member.
 */
const OFFERED_TO_ALL: readonly string[] = ['ledger', 'audit', 'points.awarded'];
/** Events that modules besides their owner emit, and those modules. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  // A return gives back what the receipt used; the redemption's owner folds it as it folds a reversal.
  'redemption.reversed': ['purchases'],
};

interface Source {
  readonly path: string;
  /** The folder under `src`. */
  readonly module: string;
  readonly text: string;
}

const sources: readonly Source[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('spec.ts') && name.includes('/'))
  .toSorted()
  .map((path) => ({
    path,
    module: path.split('/')[0] as string,
    text: readFileSync(join(SRC, path), 'utf8'),
  }));

const names = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, name]) => name as string);

const owners = new Map(
  sources
    .filter(({ path, module }) => path.endsWith('/domain-events.ts') && module !== 'kernel')
    .flatMap(({ module, text }) => names(text, DECLARED).map((event) => [event, module] as const)),
);

const emitted = sources.flatMap(({ path, module, text }) =>
  names(text, EMITTED)
    .filter((event) => owners.has(event))
    .map((event) => ({ path, module, event, owner: owners.get(event) as string })),
);

describe('the events inside a decision', () => {
  it('are emitted by their owner, or by the modules that they are offered to', () => {
    expect(owners.size).toBeGreaterThan(40);
    const isOffered = (...names: readonly string[]) => names.some((name) => OFFERED_TO_ALL.includes(name));
    const others = emitted.filter(({ module, event, owner }) => module !== owner && !isOffered(owner, event));
    expect(
      others
        .filter(({ module, event }) => !SHARED[event]?.includes(module))
        .map(({ path, event, owner }) => `${path} emits ${event} of ${owner}`),
    ).toEqual([]);
    const shared = others.map(({ event, module }) => `${event} ${module}`);
    const listed = Object.entries(SHARED).flatMap(([event, by]) => by.map((module) => `${event} ${module}`));
    expect(listed.filter((pair) => !shared.includes(pair))).toEqual([]);
  });

  it('are all emitted', () => {
    const written = new Set(emitted.map(({ event }) => event));
    expect([...owners.keys()].filter((event) => !written.has(event))).toEqual([]);
  });
});
