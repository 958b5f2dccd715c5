import { writeFile } from 'node:fs/promises';
import { LaurelApi, problemText } from '../import/laurel-api.js';
import { HELP, programmeOptions } from './options.js';
import type { Io } from './plan.js';

/** `laurel export [FILE]`. @returns the exit code. */
export async function exportProgramme(args: string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  let api: LaurelApi | null = null;
  try {
    const options = programmeOptions(args, env);
    if (options === 'help') {
      io.stdout.write(HELP);
      return 0;
    }
    api = new LaurelApi(options.url, options.key, 1);
    const at = options.at === null ? '' : `&at=${encodeURIComponent(options.at)}`;
    const format = options.json ? 'json' : 'yaml';
    const { status, text, body } = await api.text(`/v1/programmes/current/export?format=${format}${at}`);
    if (status !== 200) throw new Error(`refused: ${status} ${problemText(body)}`);
    const written = options.json ? `${JSON.stringify(body, null, 2)}\n` : text;
    if (options.file === null) io.stdout.write(written);
    else await writeFile(options.file, written);
    return 0;
  } catch (error) {
    io.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  } finally {
    api?.close();
  }
}
