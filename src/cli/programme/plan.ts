import { LaurelApi, problemText } from '../import/laurel-api.js';
import { UsageError } from '../import/options.js';
import type { ProgrammePlan } from '../../programme-file/index.js';
import { HELP, programmeOptions, type ProgrammeOptions } from './options.js';
import { printPlan } from './print-plan.js';
import { ProgrammeFileError, readProgramme, type ProgrammeText } from './read-programme.js';

export interface Io {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** `laurel plan FILE`. @returns the exit code: 0 nothing would change, 2 something would, 1 failed. */
export async function planProgramme(args: string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  return withProgramme(args, env, io, async ({ options, api, file }) => {
    const plan = await askForPlan(api, file, options);
    if (options.json) io.stdout.write(`${JSON.stringify(plan, null, 2)}\n`);
    else printPlan(plan, file, io.stdout);
    if (plan.definitions.some(({ refusal }) => refusal !== null)) return 1;
    return plan.definitions.length > 0 ? 2 : 0;
  });
}

export interface Work {
  readonly options: ProgrammeOptions;
  readonly api: LaurelApi;
  readonly file: ProgrammeText;
}

/** Reads the command line and the file, and says in a sentence what is wrong with either. @returns the exit code. */
export async function withProgramme(
  args: string[],
  env: NodeJS.ProcessEnv,
  io: Io,
  work: (given: Work) => Promise<number>,
): Promise<number> {
  let api: LaurelApi | null = null;
  try {
    const options = programmeOptions(args, env);
    if (options === 'help') {
      io.stdout.write(HELP);
      return 0;
    }
    if (options.file === null) throw new UsageError('Name the file of the programme.');
    const file = await readProgramme(options.file);
    api = new LaurelApi(options.url, options.key, 1);
    return await work({ options, api, file });
  } catch (error) {
    io.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  } finally {
    api?.close();
  }
}

/** Asks the server what the file would change. @throws ProgrammeFileError with a line for each fault of the file. */
export async function askForPlan(
  api: LaurelApi,
  file: ProgrammeText,
  { at, membersDropped }: ProgrammeOptions,
): Promise<ProgrammePlan> {
  const { status, body } = await api.json('POST', '/v1/programmes/current/plan', {
    programme: file.value,
    ...(at === null ? {} : { effectiveAt: at }),
    ...(membersDropped === null ? {} : { membersDropped }),
  });
  if (status === 200) return body as ProgrammePlan;
  const { errors = [] } = (body ?? {}) as { errors?: readonly { pointer: string; detail: string }[] };
  const lines = errors.map(({ pointer, detail }) => faultLine(file, pointer, detail));
  throw new ProgrammeFileError(
    lines.length > 0 ? lines.join('\n') : `refused: ${status} ${problemText(body)}`,
  );
}

/** A fault with its place in the file. @param pointer into the request, where the file stands under `/programme`. */
export function faultLine(file: ProgrammeText, pointer: string, detail: string): string {
  const within = pointer.replace(/^\/programme/, '');
  return `${file.placeOf(within)} ${within}: ${detail}`;
}
