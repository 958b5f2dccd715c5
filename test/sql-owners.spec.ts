import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OPEN_TO_ALL, OWNERS, READERS, READS_ALL } from './sql-owners.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NAME = '([a-z_]+)';
/** Where a statement names a table that it reads, or that it writes. */
const READS = new RegExp(`\\b(?:FROM|JOIN)\\s+(?:ONLY\\s+)?${NAME}\\b`, 'g');
const WRITES = new RegExp(
  `\\b(?:UPDATE(?:\\s+ONLY)?|INSERT\\s+INTO|DELETE\\s+FROM|MERGE\\s+INTO)\\s+${NAME}\\b`,
  'g',
);
/** A table of a slice, and one that TypeORM maps. */
const TABLE = new RegExp(`name: '${NAME}',\\s+mode: '`, 'g');
const ENTITY = new RegExp(`@Entity\\('${NAME}'`, 'g');
const TABLE_CONSTANT = /^export const ([A-Z_]+): Table\b/gm;

interface Source {
  readonly path: string;
  /** The folder under `src`. */
  readonly module: string;
  readonly text: string;
}

const sources: readonly Source[] = textsIn('src')
  .filter(({ path }) => !path.endsWith('spec.ts'))
  .map(({ path, text }) => ({ path, text, module: path.split('/')[1] as string }));

function textsIn(folder: string): readonly { readonly path: string; readonly text: string }[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .toSorted()
    .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(join(ROOT, folder, name), 'utf8') }));
}

/** Tables that a text names in one of these places. */
function tablesIn(text: string, ...places: readonly RegExp[]): ReadonlySet<string> {
  const names = places.flatMap((place) => [...text.matchAll(place)].map(([, name]) => name as string));
  return new Set(names.filter((name) => name in OWNERS));
}

describe('the tables', () => {
  it('have an owner each', () => {
    const created = textsIn('migrations').flatMap(({ text }) =>
      [...text.matchAll(/CREATE TABLE ([a-z_]+)/g)].map(([, name]) => name),
    );
    expect([...new Set(created)].toSorted()).toEqual(Object.keys(OWNERS).toSorted());
    const modules = new Set(sources.map(({ module }) => module));
    expect(Object.values(OWNERS).filter((owner) => !modules.has(owner))).toEqual([]);
  });

  it('are written by their owner alone', () => {
    const written = sources.flatMap(({ path, module, text }) =>
      [...tablesIn(text, WRITES, TABLE, ENTITY)]
        .filter((table) => OWNERS[table] !== module)
        .map((table) => `${path} writes ${table} of ${OWNERS[table]}`),
    );
    expect(written).toEqual([]);
    expect(tablesIn('INSERT INTO lots (a) SELECT 1; UPDATE accounts a SET x = 1', WRITES)).toEqual(
      new Set(['lots', 'accounts']),
    );
  });

  it('are not handed to other modules to be written', () => {
    const constants = sources.flatMap(({ module, text }) =>
      [...text.matchAll(TABLE_CONSTANT)].map(([, name]) => ({ name: name as string, module })),
    );
    expect(constants.length).toBeGreaterThan(5);
    // The platform offers its own to all: the audit log, the rolls, the versions of accounts.
    const used = constants
      .filter(({ module }) => module !== 'platform')
      .flatMap(({ name, module }) =>
        sources
          .filter((source) => source.module !== module && imports(name, module).test(source.text))
          .map(({ path }) => `${path} has ${name} of ${module}`),
      );
    expect(used).toEqual([]);
  });

  it('are read by their owner and by the readers that are declared, each of which is one', () => {
    const read = sources.flatMap(({ path, module, text }) =>
      [...tablesIn(text, READS)]
        .filter((table) => OWNERS[table] !== module && module !== READS_ALL && !OPEN_TO_ALL.includes(table))
        .map((table) => ({ table, reader: declaredAs(table, path, module) ?? `${path}, not declared` })),
    );
    const found = new Map<string, Set<string>>();
    for (const { table, reader } of read) found.set(table, (found.get(table) ?? new Set()).add(reader));
    const sorted = (readers: Iterable<readonly [string, Iterable<string>]>) =>
      Object.fromEntries([...readers].map(([table, names]) => [table, [...names].toSorted()]));
    expect(sorted(found)).toEqual(sorted(Object.entries(READERS)));
  });
});

/** Where a file imports this name of a module. */
function imports(name: string, module: string): RegExp {
  return new RegExp(`import (?:type )?\\{[^}]*\\b${name}\\b[^}]*\\} from '[^']*/${module}/`);
}

/** The entry of `READERS` for a file: its module, or its path. */
function declaredAs(table: string, path: string, module: string): string | undefined {
  return READERS[table]?.find((reader) => reader === module || `src/${reader}` === path);
}
