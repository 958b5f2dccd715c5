import type { PlannedDefinition } from '../../programme-file/index.js';
import { problemText, type LaurelApi } from '../import/laurel-api.js';
import type { ProgrammeOptions } from './options.js';
import { askForPlan, withProgramme, type Io } from './plan.js';
import { printPlan } from './print-plan.js';

/** A refusal that a key of another line lifts: the draft is saved, and that key publishes it. */
const TAKES_ANOTHER_LINE = 'MAKER_IS_CHECKER';

/** `laurel apply FILE`. @returns the exit code: 0 all stands, 1 failed, 3 drafts wait for a key of another line. */
export async function applyProgramme(args: string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  return withProgramme(args, env, io, async ({ options, api, file }) => {
    const plan = await askForPlan(api, file, options);
    printPlan(plan, file, io.stdout);
    const hindered = plan.definitions.filter((one) => hindrance(one, options) !== null);
    if (hindered.length > 0) {
      for (const one of hindered) io.stderr.write(`${nameOf(one)}: ${hindrance(one, options)}\n`);
      io.stderr.write('Nothing was published.\n');
      return 1;
    }
    return bringAbout(plan.definitions, options, api, io);
  });
}

/** Why nothing is begun; what is refused in the end would leave a half of it published. */
function hindrance(
  { draft, refusal }: PlannedDefinition,
  { replaceDrafts }: ProgrammeOptions,
): string | null {
  if (refusal && refusal.code !== TAKES_ANOTHER_LINE) return `${refusal.code}: ${refusal.detail}`;
  if (draft && !draft.isThis && !replaceDrafts)
    return `Another draft stands there, saved by ${draft.createdBy}; --replace-drafts puts the file's in its place.`;
  return null;
}

async function bringAbout(
  definitions: readonly PlannedDefinition[],
  options: ProgrammeOptions,
  api: LaurelApi,
  io: Io,
): Promise<number> {
  const published: string[] = [];
  const waiting: string[] = [];
  for (const one of definitions) {
    const done = await publish(one, options, api).catch((error: unknown) => ({
      refused: error instanceof Error ? error.message : String(error),
    }));
    if ('refused' in done) {
      const { refused } = done;
      const left = definitions.length - published.length - waiting.length;
      io.stderr.write(`${nameOf(one)}: ${refused}\n`);
      io.stderr.write(`Stopped: ${published.length} published (${listed(published)}), ${left} left.\n`);
      io.stderr.write('Run apply again to go on; what stands already is left alone.\n');
      return 1;
    }
    (done.waits ? waiting : published).push(nameOf(one));
  }
  io.stdout.write(`Published: ${listed(published)}.\n`);
  if (waiting.length === 0) return 0;
  io.stdout.write(
    `Saved as drafts: ${listed(waiting)}. They wait for a key of another line: run apply again with it.\n`,
  );
  return 3;
}

/** Whether a definition waits for a key of another line, or why nothing came of it. */
type Done = { readonly waits: boolean } | { readonly refused: string };

/** Saves the draft, unless it stands there, and publishes it. */
async function publish(
  { draft, definition, path, kind, refusal }: PlannedDefinition,
  { at, retroactive, membersDropped }: ProgrammeOptions,
  api: LaurelApi,
): Promise<Done> {
  if (!draft?.isThis) {
    const saved = await api.json('PUT', `${path}/draft`, definition);
    if (saved.status !== 200) return { refused: `${saved.status} ${problemText(saved.body)}` };
  }
  if (refusal) return { waits: true };
  const { status, body } = await api.json('POST', `${path}/publish`, {
    ...(at === null ? {} : { effectiveAt: at }),
    ...(retroactive ? { retroactive } : {}),
    ...(kind === 'tier-set' && membersDropped !== null ? { membersDropped } : {}),
  });
  // 202: the policy wants two persons for the kind.
  if (status === 200 || status === 202) return { waits: status === 202 };
  return { refused: `${status} ${problemText(body)}` };
}

function nameOf({ section, id }: PlannedDefinition): string {
  return `${section} ${id}`;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ');
}
