import { ApiError, problemText, type LaurelApi } from './laurel-api.js';
import { ImportError } from './import-error.js';
import { MappingError } from './mapping.js';
import type { ImportOptions } from './options.js';
import type { ErrorStream } from './progress.js';

interface Programme {
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
}

/**
 * Asks the server which programme the key belongs to.
 * @throws ImportError when no server answers or the key is refused; MappingError for another currency
 */
export async function checkProgramme(
  api: LaurelApi,
  mapping: { readonly currency: string; readonly timeZone: string | null },
  options: Pick<ImportOptions, 'url' | 'file' | 'quiet'>,
  stderr: ErrorStream,
): Promise<void> {
  const { status, body } = await api.json('GET', '/v1/programmes').catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
    throw new ImportError(`no server answers at ${options.url.href} (${error.message})`, { cause: error });
  });
  if (status !== 200)
    throw new ImportError(`${options.url.href} refused the key: ${status} ${problemText(body)}`);
  const [programme] = (body as { data?: readonly Programme[] }).data ?? [];
  if (!programme) throw new ImportError(`the key at ${options.url.href} belongs to no programme`);
  const { name, currency, timeZone } = programme;
  if (currency !== mapping.currency) {
    throw new MappingError([`currency: is ${mapping.currency}, but the programme ${name} keeps ${currency}`]);
  }
  if (options.quiet) return;
  stderr.write(
    `Importing ${options.file} into ${name} (${currency}, ${timeZone}) at ${options.url.origin}\n`,
  );
  if (mapping.timeZone !== null && timeZone !== mapping.timeZone) {
    stderr.write(
      `Note: times without an offset are read in ${mapping.timeZone}, the programme is in ${timeZone}.\n`,
    );
  }
}
