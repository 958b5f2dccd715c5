import { resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';

const DEFAULT_URL = 'http://127.0.0.1:3000';

export const HELP = `Usage: npm run laurel -- import purchases FILE --mapping mapping.json [options]

Reads a CSV file of receipt lines of any size, puts the lines of each receipt together, and posts the receipts
in the order in which they happened. Can be stopped and run again: nothing is counted twice.

  --mapping FILE   how your columns become the fields of a receipt (docs/import.md)
  --url URL        the server (LAUREL_URL; default ${DEFAULT_URL})
  --key KEY        an API key with the scope import (LAUREL_KEY, which keeps it out of the process list)
  --enrol          enrol members who are not known yet, as of their first receipt that goes in
  --rejects FILE   where rejected rows go (default: FILE.rejected.csv)
  --limit N        only the first N receipts in time
  --dry-run        write nothing; with a key the server is asked what it would say, without one the file is checked
  --quiet          no progress
  --help           this text

Exit codes: 0 everything is in, 2 some rows were rejected, 1 failed, 130 stopped.
`;

/** The key is null only in a dry run, which then asks no server. */
export interface ImportOptions extends Places {
  readonly enrol: boolean;
  readonly limit: number | null;
  readonly dryRun: boolean;
  readonly quiet: boolean;
}

/** The command line cannot be understood. */
export class UsageError extends Error {}

const OPTIONS = {
  mapping: { type: 'string' },
  url: { type: 'string' },
  key: { type: 'string' },
  enrol: { type: 'boolean' },
  rejects: { type: 'string' },
  limit: { type: 'string' },
  'dry-run': { type: 'boolean' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Where an import reads, where it sends, and where rejected rows go. */
export interface Places {
  readonly file: string;
  readonly mappingFile: string;
  readonly url: URL;
  readonly key: string | null;
  readonly rejectsFile: string;
}

/** Reads the command line, with the environment for what is missing. @throws UsageError */
export function parseOptions(args: readonly string[], env: NodeJS.ProcessEnv): ImportOptions | 'help' {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  if (values.help) return 'help';
  const places = placesOf(values, positionals, env);
  const dryRun = values['dry-run'] ?? false;
  if (places.key === null && !dryRun) throw new UsageError('Give an API key with LAUREL_KEY or --key.');
  return {
    ...places,
    enrol: values.enrol ?? false,
    limit: values.limit === undefined ? null : limitOf(values.limit),
    dryRun,
    quiet: values.quiet ?? false,
  };
}

/** What every import names. @throws UsageError */
export function placesOf(
  values: {
    readonly mapping?: string | undefined;
    readonly url?: string | undefined;
    readonly key?: string | undefined;
    readonly rejects?: string | undefined;
  },
  positionals: readonly string[],
  env: NodeJS.ProcessEnv,
): Places {
  const [file, ...others] = positionals;
  if (file === undefined) throw new UsageError('Name the CSV file to import.');
  if (others.length > 0) throw new UsageError(`One file at a time; what is "${others[0]}"?`);
  if (values.mapping === undefined)
    throw new UsageError('Give the mapping of the columns with --mapping FILE.');
  const key = keyOf(values.key, env);
  const rejectsFile = values.rejects ?? `${file}.rejected.csv`;
  if ([file, values.mapping].some((path) => resolve(path) === resolve(rejectsFile))) {
    throw new UsageError(`--rejects must not be ${rejectsFile}, which is read.`);
  }
  return { file, mappingFile: values.mapping, url: urlOf(values.url, env), key, rejectsFile };
}

/** The API key of the command line or else of the environment; null without one. @throws UsageError */
export function keyOf(given: string | undefined, env: NodeJS.ProcessEnv): string | null {
  const key = given ?? env['LAUREL_KEY'] ?? '';
  if (/[^\x21-\x7e]/.test(key)) throw new UsageError('The API key has characters that no key has.');
  return key === '' ? null : key;
}

/** Splits a command line into options and the rest. @throws UsageError */
export function parsedArguments<T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Whether a text is a whole number that stays exact. */
export function isWhole(text: string): boolean {
  return /^\d{1,15}$/.test(text);
}

/** The server of the command line or else of the environment. @throws UsageError */
export function urlOf(given: string | undefined, env: NodeJS.ProcessEnv): URL {
  const text = given ?? (env['LAUREL_URL'] || DEFAULT_URL);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new UsageError(`"${text}" is not a URL such as ${DEFAULT_URL}.`);
}

function limitOf(text: string): number {
  if (/^[1-9]\d{0,11}$/.test(text)) return Number(text);
  throw new UsageError(`--limit must be a whole number of receipts from 1 on, but is "${text}".`);
}
