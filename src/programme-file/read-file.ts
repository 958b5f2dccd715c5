import type { FieldError } from '../kernel/problem.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { isConfigKey, NOT_A_KEY_DETAIL } from '../platform/versioned-config/config-endpoint.js';
import type { OfferedKind } from '../platform/versioned-config/config-kinds.js';
import { escapePointer } from '../platform/http/validation.js';
import { FILE_FORMAT, SECTIONS, type Section } from './sections.js';

/** One definition of a file. */
export interface FileEntry {
  readonly section: Section;
  readonly key: string;
  readonly pointer: string;
  readonly value: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** What a file states of the programme itself. */
const OF_THE_PROGRAMME = ['format', 'currency', 'timeZone'];

/** The definitions of a file in the order of publication, and what is wrong with the file around them. */
export function readFile(
  file: Fields,
  config: ConfigSnapshot,
  kinds: ReadonlyMap<string, OfferedKind>,
): { readonly entries: readonly FileEntry[]; readonly faults: readonly FieldError[] } {
  const known = new Set([...OF_THE_PROGRAMME, ...SECTIONS.map(({ name }) => name)]);
  const faults: FieldError[] = Object.keys(file)
    .filter((name) => !known.has(name))
    .map((name) => fault(`/${escapePointer(name)}`, 'UNKNOWN_FIELD', `There is no section ${name}.`));
  faults.push(...faultsOfProgramme(file, config));
  const entries: FileEntry[] = [];
  for (const section of SECTIONS) {
    const value = Object.hasOwn(file, section.name) ? file[section.name] : undefined;
    if (value === undefined || value === null) continue;
    const routes = kinds.get(section.kind)?.routes;
    if (!routes) throw new Error(`no kind ${section.kind}`);
    const pointer = `/${section.name}`;
    if (section.single) entries.push({ section, key: routes.key as string, pointer, value });
    else if (typeof value !== 'object' || Array.isArray(value))
      faults.push(fault(pointer, 'NOT_AN_OBJECT', `${section.name} must be an object of definitions by id.`));
    else
      for (const [key, one] of Object.entries(value)) {
        const at = `${pointer}/${escapePointer(key)}`;
        const wrong = keyFault(key, routes.key, at);
        if (wrong) faults.push(wrong);
        else entries.push({ section, key, pointer: at, value: one });
      }
  }
  return { entries, faults };
}

function faultsOfProgramme(file: Fields, { currency, timeZone }: ConfigSnapshot): readonly FieldError[] {
  const faults: FieldError[] = [];
  if (file['format'] !== FILE_FORMAT)
    faults.push(fault('/format', 'UNKNOWN_FORMAT', `format must be ${FILE_FORMAT}.`));
  for (const [name, own] of Object.entries({ currency, timeZone })) {
    const said = file[name];
    if (said === own || said === undefined) continue;
    const detail = `The programme has ${own}, which is fixed; the file has ${JSON.stringify(said)}.`;
    faults.push(fault(`/${name}`, 'FIXED_FOR_GOOD', detail));
  }
  return faults;
}

function keyFault(key: string, only: string | undefined, pointer: string): FieldError | null {
  if (only !== undefined && key !== only)
    return fault(pointer, 'UNKNOWN_FIELD', `There is one such definition, and its id is ${only}.`);
  return isConfigKey(key) ? null : fault(pointer, 'NOT_A_KEY', NOT_A_KEY_DETAIL);
}

function fault(pointer: string, code: string, detail: string): FieldError {
  return { pointer, code, detail };
}
