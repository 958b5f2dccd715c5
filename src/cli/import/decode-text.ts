import { Transform } from 'node:stream';
import { ImportError } from './import-error.js';
import { encodingName, isSingleByte, textReader } from './text-encoding.js';

/** From this byte on a UTF-8 character has more than one. */
const TWO_BYTES = 0x80;
/** From this byte on it has three: text of a two-byte code page is hardly ever that throughout. */
const THREE_BYTES = 0xe0;

const MARKS = [
  { encoding: 'utf-8', bytes: Buffer.from([0xef, 0xbb, 0xbf]) },
  { encoding: 'utf-16le', bytes: Buffer.from([0xff, 0xfe]) },
  { encoding: 'utf-16be', bytes: Buffer.from([0xfe, 0xff]) },
] as const;

/** What was learnt of a file's bytes on the way. */
export interface SeenBytes {
  /** How many there were so far. */
  count: number;
  /** Whether they began with a byte order mark. */
  hasMark: boolean;
}

/**
 * Bytes -> text; a byte order mark is taken off. Bytes that are no text in this encoding are an error, and so is a file
 * that is UTF-8 (or says so by its mark) where the mapping has another encoding: read as a code page it would be
 * text, too, and the wrong one.
 */
export function decodeText(label: string, seen: SeenBytes): Transform {
  const encoding = encodingName(label) ?? label;
  const read = textReader(encoding);
  const looksLikeUtf8 = encoding.startsWith('utf-') ? () => false : utf8Detector(encoding);
  const attempt = (read: () => string, fault: () => string): string => {
    try {
      return read();
    } catch {
      throw new ImportError(fault());
    }
  };
  return new Transform({
    decodeStrings: false,
    encoding: 'utf8',
    transform(chunk: Buffer, _encoding, done) {
      if (seen.count === 0) {
        const mark = MARKS.find(({ bytes }) => chunk.subarray(0, bytes.length).equals(bytes));
        seen.hasMark = mark !== undefined;
        if (mark && mark.encoding !== encoding) {
          done(
            new ImportError(
              otherEncoding(`begins with the byte order mark of ${mark.encoding}`, mark.encoding, label),
            ),
          );
          return;
        }
      }
      seen.count += chunk.length;
      looksLikeUtf8(chunk);
      finish(done, () =>
        attempt(
          () => read(chunk),
          () => `it is not text in ${label} (near byte ${seen.count}); set csv.encoding in the mapping`,
        ),
      );
    },
    flush(done) {
      if (looksLikeUtf8(null)) {
        done(new ImportError(otherEncoding('is UTF-8 throughout', 'utf-8', label)));
        return;
      }
      finish(done, () =>
        attempt(
          () => read(null),
          () => `it ends in the middle of a character of ${label}`,
        ),
      );
    },
  });
}

function finish(done: (error: Error | null, text?: string) => void, read: () => string): void {
  try {
    done(null, read());
  } catch (error) {
    done(error as Error);
  }
}

/** Takes a file's chunks, then null for its end. @returns whether all of it is UTF-8 that shows itself as such. */
function utf8Detector(encoding: string): (chunk: Buffer | null) => boolean {
  const from = isSingleByte(encoding) ? TWO_BYTES : THREE_BYTES;
  const decode = new TextDecoder('utf-8', { fatal: true });
  let possible = true;
  let shown = false;
  return (chunk) => {
    if (!possible) return false;
    try {
      decode.decode(chunk ?? undefined, { stream: chunk !== null });
    } catch {
      possible = false;
      return false;
    }
    shown ||= chunk !== null && chunk.some((byte) => byte >= from);
    return shown;
  };
}

function otherEncoding(what: string, real: string, label: string): string {
  return `it ${what}, but the mapping reads it as ${label}; set csv.encoding in the mapping to "${real}", or save the file as ${label}`;
}
