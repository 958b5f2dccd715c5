import { parseArgs } from 'node:util';
import { entities } from '../app.module.js';
import { isId, type ProgrammeId } from '../kernel/ids.js';
import { isName } from '../kernel/texts.js';
import { ApiKeyStore, MAX_KEY_NAME } from '../keys/index.js';
import { SCOPES, type Scope } from '../platform/http/caller.js';
import { systemClock } from '../platform/clock/system-clock.js';
import { parseConfiguration } from '../platform/config/configuration.js';
import { createDataSource } from '../platform/database/data-source.js';
import { locateDatabase } from '../platform/database/database-location.js';
import { UuidV7Source } from '../platform/ids/uuid-v7-source.js';
import { ProgrammeStore } from '../programmes/index.js';

const DEFAULT_SCOPES = 'admin,keys,limits';

const HELP = `Usage: npm run laurel -- key create [--programme prg_…] [--name NAME] [--scopes keys,admin]

Makes an API key on this machine: the way back when no key with the scope keys is left, and the way to a
second line of keys, whose keys approve what those of the first ask for. Prints the key's text, which
is shown this once. --programme may be left out where there is one programme. --scopes: ${SCOPES.join(', ')};
default ${DEFAULT_SCOPES}. The audit log names "command line" as the maker. Exit code: 0 made, 1 failed.
`;

interface Io {
  readonly stdout: NodeJS.WritableStream;
}

/** `laurel key create`. @returns the exit code. @throws Error with a sentence for what cannot be done. */
export async function key(args: string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      help: { type: 'boolean' },
      programme: { type: 'string' },
      name: { type: 'string', default: 'made on the command line' },
      scopes: { type: 'string', default: DEFAULT_SCOPES },
    },
  });
  if (values.help || positionals.join(' ') !== 'create') {
    io.stdout.write(HELP);
    return values.help ? 0 : 1;
  }
  const scopes = scopesOf(values.scopes);
  if (!isName(values.name, MAX_KEY_NAME))
    throw new Error(`--name takes one line of 1 to ${MAX_KEY_NAME} visible characters`);
  const database = await locateDatabase(parseConfiguration(env, process.cwd()), 'attach');
  try {
    const dataSource = await createDataSource(database.url, { poolSize: 1, entities }).initialize();
    try {
      const ids = new UuidV7Source(systemClock);
      const programmes = new ProgrammeStore(dataSource, systemClock, ids);
      const programmeId = await programmeOf(programmes, values.programme);
      const keys = new ApiKeyStore(dataSource, systemClock, ids);
      const made = await keys.create({ programmeId, name: values.name, scopes }, 'command line');
      io.stdout.write(`${made.key}\n`);
      return 0;
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await database.stop();
  }
}

function scopesOf(text: string): readonly Scope[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !SCOPES.some((scope) => scope === name));
  if (unknown.length > 0)
    throw new Error(`--scopes takes ${SCOPES.join(', ')}; not "${unknown.join(', ')}".`);
  return [...new Set(names)] as Scope[];
}

async function programmeOf(programmes: ProgrammeStore, asked: string | undefined): Promise<ProgrammeId> {
  const all = await programmes.all();
  const list = all.map(({ programmeId, name }) => `  ${programmeId} ${name}`).join('\n');
  if (asked !== undefined) {
    const found = isId('prg', asked) && all.find(({ programmeId }) => programmeId === asked);
    if (!found) throw new Error(`There is no programme ${asked}. There are:\n${list}`);
    return found.programmeId;
  }
  const [only, ...others] = all;
  if (!only) throw new Error('There is no programme yet: start the engine once.');
  if (others.length > 0) throw new Error(`Name one of these with --programme:\n${list}`);
  return only.programmeId;
}
