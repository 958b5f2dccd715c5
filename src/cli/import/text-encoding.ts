/** Writes text in an encoding of the Encoding Standard, which itself only reads; null where a character is not in it. */
export type TextWriter = (text: string) => Buffer | null;

/** Encodings whose bytes depend on what came before them, or that stand for no text. */
const NOT_WRITTEN = new Set(['iso-2022-jp', 'replacement', 'x-user-defined']);

const FIRST_SUPPLEMENTARY = 0x10000;
/** GB 18030 numbers the characters above U+FFFF from the four bytes 90 30 81 30 on. */
const GB_SUPPLEMENTARY_POINTER = 189_000;
/** The widest text that two bytes stand for: Big5 has letters with a mark of their own. */
const MAX_UNITS = 2;

/** What the bytes 80 to 9F are in windows-1252; a blank for a byte that is a control character there, too. */
const WINDOWS_1252 = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

const writers = new Map<string, TextWriter>();

/** The name of an encoding by any of its labels; null for one that is not known. */
export function encodingName(label: string): string | null {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}

/** Whether each byte of an encoding is a character. */
export function isSingleByte(name: string): boolean {
  return /^(?:windows-|iso-8859-|koi8-|macintosh|x-mac-|ibm866)/.test(name);
}

/** Whether what was read in an encoding can be written in it again, so that a rejects file is like its original. */
export function canBeWritten(label: string): boolean {
  const name = encodingName(label);
  return name !== null && !NOT_WRITTEN.has(name);
}

/**
 * Reads an encoding chunk by chunk, then null for the end. @throws TypeError for bytes that are no text in it
 *
 * Node.js up to 22 takes windows-1252 for ISO 8859-1, so that a euro sign is a control character; that is mended here.
 */
export function textReader(name: string): (chunk: Buffer | null) => string {
  const decoder = new TextDecoder(name, { fatal: true });
  const read = (chunk: Buffer | null) => decoder.decode(chunk ?? undefined, { stream: chunk !== null });
  if (name !== 'windows-1252') return read;
  return (chunk) =>
    read(chunk).replaceAll(/[\x80-\x9f]/g, (control) => {
      const meant = WINDOWS_1252.charAt(control.charCodeAt(0) - 0x80);
      return meant === ' ' ? control : meant;
    });
}

/** @throws RangeError for an encoding that is not known or cannot be written. */
export function textWriter(label: string): TextWriter {
  const name = encodingName(label);
  if (name === null || NOT_WRITTEN.has(name)) throw new RangeError(`${label} cannot be written`);
  const known = writers.get(name);
  if (known) return known;
  const made = makeWriter(name);
  writers.set(name, made);
  return made;
}

function makeWriter(name: string): TextWriter {
  if (name === 'utf-8') return (text) => Buffer.from(text, 'utf8');
  if (name === 'utf-16le') return (text) => Buffer.from(text, 'utf16le');
  if (name === 'utf-16be') return (text) => Buffer.from(text, 'utf16le').swap16();
  const bytes = bytesByText(name);
  const isGb = name === 'gb18030' || name === 'gbk';
  return (text) => {
    const parts: Buffer[] = [];
    for (let at = 0; at < text.length;) {
      const point = text.codePointAt(at) as number;
      const units = longestFrom(text, at, bytes);
      if (units > 0) parts.push(bytes.get(text.slice(at, at + units)) as Buffer);
      else if (isGb && point >= FIRST_SUPPLEMENTARY) parts.push(gbSupplementary(point));
      else return null;
      at += units > 0 ? units : 2;
    }
    return Buffer.concat(parts);
  };
}

function longestFrom(text: string, at: number, bytes: ReadonlyMap<string, Buffer>): number {
  for (let units = MAX_UNITS; units > 0; units -= 1) {
    if (at + units <= text.length && bytes.has(text.slice(at, at + units))) return units;
  }
  return 0;
}

/** What every sequence of bytes stands for, the other way round; of several for one text the first. */
function bytesByText(name: string): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  const seen = (...sequence: number[]): void => {
    const bytes = Buffer.from(sequence);
    let text: string;
    try {
      const read = textReader(name);
      text = read(bytes) + read(null);
    } catch {
      return;
    }
    // Two bytes that are a character each say nothing new.
    if (text !== '' && text.length <= MAX_UNITS && !found.has(text)) found.set(text, bytes);
  };
  for (let byte = 0; byte <= 0xff; byte += 1) seen(byte);
  if (isSingleByte(name)) return found;
  for (let lead = 0x81; lead <= 0xfe; lead += 1)
    for (let trail = 0x40; trail <= 0xfe; trail += 1) seen(lead, trail);
  if (name === 'euc-jp') {
    for (let row = 0xa1; row <= 0xfe; row += 1)
      for (let cell = 0xa1; cell <= 0xfe; cell += 1) seen(0x8f, row, cell);
  }
  if (name === 'gb18030' || name === 'gbk') forGbFourBytes(seen);
  return found;
}

/** The four-byte sequences of GB 18030 up to U+FFFF. */
function forGbFourBytes(seen: (...sequence: number[]) => void): void {
  for (let first = 0x81; first <= 0x84; first += 1) {
    for (let second = 0x30; second <= 0x39; second += 1) {
      for (let third = 0x81; third <= 0xfe; third += 1) {
        for (let fourth = 0x30; fourth <= 0x39; fourth += 1) seen(first, second, third, fourth);
      }
    }
  }
}

function gbSupplementary(point: number): Buffer {
  const pointer = GB_SUPPLEMENTARY_POINTER + point - FIRST_SUPPLEMENTARY;
  const digits = [
    Math.floor(pointer / 12_600),
    Math.floor(pointer / 1260) % 10,
    Math.floor(pointer / 10) % 126,
    pointer % 10,
  ];
  return Buffer.from([
    0x81 + (digits[0] as number),
    0x30 + (digits[1] as number),
    0x81 + (digits[2] as number),
    0x30 + (digits[3] as number),
  ]);
}
