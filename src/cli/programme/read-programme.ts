import { readFile, stat } from 'node:fs/promises';
import { isAlias, isMap, isSeq, LineCounter, parseDocument, type Document } from 'yaml';

/** The largest file, in bytes; the API takes bodies of 1 MiB. */
const MAX_FILE_BYTES = 1_000_000;
/** Places where a file may repeat what an anchor names, so that a small one cannot become a huge one. */
const MAX_ALIASES = 100;

/** A fault of a file, with its place where it has one. */
export class ProgrammeFileError extends Error {}

/** A programme's file as it was read. */
export interface ProgrammeText {
  readonly value: Readonly<Record<string, unknown>>;
  /** `programme.yaml:12:3` for a pointer into the file; of what does not stand there, the place of what holds it. */
  placeOf(pointer: string): string;
}

/** Reads YAML 1.2, of which JSON is a part. @throws ProgrammeFileError with the place of the first fault */
export async function readProgramme(path: string): Promise<ProgrammeText> {
  const { size } = await stat(path);
  if (size > MAX_FILE_BYTES)
    throw new ProgrammeFileError(
      `${path} has ${size} bytes; a programme's file has at most ${MAX_FILE_BYTES}.`,
    );
  return programmeOf(new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path)), path);
}

/** The same of a text. @throws ProgrammeFileError */
export function programmeOf(text: string, path: string): ProgrammeText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  const [fault] = document.errors;
  if (fault) throw new ProgrammeFileError(`${place(fault.pos[0])} is no YAML: ${fault.message}`);
  const value = valueOf(document, path);
  return { value, placeOf: (pointer) => place(offsetOf(document, pointer)) };
}

function valueOf(document: Document, path: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw new ProgrammeFileError(`${path}: ${error instanceof Error ? error.message : 'unreadable'}`, {
      cause: error,
    });
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new ProgrammeFileError(`${path}:1:1 must be an object of sections.`);
  return value as Readonly<Record<string, unknown>>;
}

/** Where a pointer leads: to the name of a field, or to an element. */
function offsetOf(document: Document, pointer: string): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const escaped of pointer.split('/').slice(1)) {
    const name = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => nameOf(key) === name);
      if (!pair) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(name)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function nameOf(key: unknown): string {
  return String((key as { readonly value?: unknown } | null)?.value ?? key);
}

function startOf(node: unknown): number | undefined {
  return (node as { readonly range?: readonly [number, number, number] } | null)?.range?.[0];
}
