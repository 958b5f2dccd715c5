import { isWhole, parsedArguments, placesOf, UsageError, type Places } from './options.js';

export const BALANCES_HELP = `Usage: npm run laurel -- import balances FILE --mapping mapping.json --lots N --points N --carried AMOUNT [options]

Brings the open points of an old system in, with what they carry, on the first day in the books (booksFrom of the
programme's policy), and proves what came in. Can be run again: nothing is counted twice.

  --lots, --points, --carried   the control totals of the old system: where the file comes to something else,
                                nothing is written
  --accept-difference           write what can be taken although the totals differ or rows are rejected, and report
                                the difference
  --mapping FILE                how your columns become lots (docs/import.md)
  --url URL                     the server (LAUREL_URL)
  --key KEY                     an API key with the scope import (LAUREL_KEY)
  --enrol                       enrol members who are not known yet
  --rejects FILE                where rejected rows go (default: FILE.rejected.csv)
  --dry-run                     write nothing; the server is asked what it would say
  --help                        this text

Exit codes: 0 all is in and agrees, 2 something differs or was rejected, 1 failed.
`;

export interface BalanceOptions extends Places {
  readonly key: string;
  readonly enrol: boolean;
  readonly dryRun: boolean;
  readonly acceptDifference: boolean;
  /** As the old system states them; `carried` in major units. */
  readonly stated: { readonly lots: number; readonly points: number; readonly carried: string };
}

const OPTIONS = {
  mapping: { type: 'string' },
  url: { type: 'string' },
  key: { type: 'string' },
  lots: { type: 'string' },
  points: { type: 'string' },
  carried: { type: 'string' },
  'accept-difference': { type: 'boolean' },
  enrol: { type: 'boolean' },
  rejects: { type: 'string' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the command line, with the environment for what is missing. @throws UsageError */
export function parseBalanceOptions(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): BalanceOptions | 'help' {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  if (values.help) return 'help';
  const places = placesOf(values, positionals, env);
  if (places.key === null) throw new UsageError('Give an API key with LAUREL_KEY or --key.');
  const { lots, points, carried } = values;
  if (lots === undefined || points === undefined || carried === undefined)
    throw new UsageError('State what the old system had: --lots, --points and --carried.');
  if (!isWhole(lots) || !isWhole(points)) throw new UsageError('--lots and --points must be whole numbers.');
  if (!/^\d{1,15}(?:\.\d+)?$/.test(carried))
    throw new UsageError(`--carried must be an amount such as 12345.67, but is "${carried}".`);
  return {
    ...places,
    key: places.key,
    enrol: values.enrol ?? false,
    dryRun: values['dry-run'] ?? false,
    acceptDifference: values['accept-difference'] ?? false,
    stated: { lots: Number(lots), points: Number(points), carried },
  };
}
