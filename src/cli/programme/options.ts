import { parseInstant } from '../../kernel/time.js';
import { keyOf, parsedArguments, urlOf, UsageError } from '../import/options.js';

export const HELP = `Usage: npm run laurel -- export [FILE] [options]
       npm run laurel -- plan FILE [options]
       npm run laurel -- apply FILE [options]

Carries the configuration of a whole programme between installations as one file, YAML or JSON
(docs/programme-as-code.md). plan says field by field what would change. apply saves and publishes it, in an order
in which what others name comes first; what stands already is left alone, so it can be stopped and run again.

  --url URL             the server (LAUREL_URL; default http://127.0.0.1:3000)
  --key KEY             an API key with the scope admin, and limits for reasons (LAUREL_KEY keeps it out of the
                        process list); export and plan do with auditor
  --at INSTANT          export: what is in force then; plan, apply: from when on it holds (default now)
  --retroactive         apply: allow an instant in the past, for receipts that come late
  --members-dropped N   how many members stand on tiers that the ladder has no more
  --replace-drafts      apply: put the file's definitions where other drafts stand
  --json                export as JSON; plan as the server answers it
  --help                this text

Exit codes: 0 done (plan: nothing would change), 1 failed, 2 plan: something would change, 3 apply: some drafts
wait for a key of another line; run apply again with it.
`;

const OPTIONS = {
  url: { type: 'string' },
  key: { type: 'string' },
  at: { type: 'string' },
  retroactive: { type: 'boolean' },
  'members-dropped': { type: 'string' },
  'replace-drafts': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export interface ProgrammeOptions {
  readonly file: string | null;
  readonly url: URL;
  readonly key: string;
  readonly at: string | null;
  readonly retroactive: boolean;
  readonly membersDropped: number | null;
  readonly replaceDrafts: boolean;
  readonly json: boolean;
}

/** Reads the command line, with the environment for what is missing. @throws UsageError */
export function programmeOptions(args: readonly string[], env: NodeJS.ProcessEnv): ProgrammeOptions | 'help' {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  if (values.help) return 'help';
  const [file, ...others] = positionals;
  if (others.length > 0) throw new UsageError(`One file at a time; what is "${others[0]}"?`);
  const key = keyOf(values.key, env);
  if (key === null) throw new UsageError('Give an API key with LAUREL_KEY or --key.');
  const at = values.at ?? null;
  if (at !== null && parseInstant(at) === null)
    throw new UsageError(
      `--at takes an instant with an offset, such as 2027-01-01T00:00:00+08:00, not "${at}".`,
    );
  const dropped = values['members-dropped'];
  if (dropped !== undefined && !/^[1-9]\d{0,9}$/.test(dropped))
    throw new UsageError(`--members-dropped takes a whole number from 1 on, not "${dropped}".`);
  return {
    file: file ?? null,
    url: urlOf(values.url, env),
    key,
    at,
    retroactive: values.retroactive ?? false,
    membersDropped: dropped === undefined ? null : Number(dropped),
    replaceDrafts: values['replace-drafts'] ?? false,
    json: values.json ?? false,
  };
}
