import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';

export interface Line {
  readonly text: string;
  /** Longer than the limit, or no UTF-8; `text` is then empty. */
  readonly fault: 'tooLong' | 'notUtf8' | null;
}

/** Nothing came from the sender for so long that the stream is given up. */
export class SilentStreamError extends Error {
  constructor(readonly silenceMs: number) {
    super(`Nothing came for ${silenceMs / 1000} seconds.`);
    this.name = 'SilentStreamError';
  }
}

/**
 * The lines of a stream of UTF-8 text. Holds at most one line of at most `maxBytes`; the rest of a longer one
 * is read past, so that one bad line harms no other.
 * @param silenceMs how long the next bytes may take; the time in which nothing is read does not count.
 * @throws SilentStreamError
 */
export async function* readLines(
  stream: Readable,
  maxBytes: number,
  silenceMs = Infinity,
): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let size = 0;
  const take = (): Line => {
    const line = size > maxBytes ? TOO_LONG : lineOf(Buffer.concat(parts));
    parts = [];
    size = 0;
    return line;
  };
  for await (const chunk of chunksOf(stream, silenceMs)) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      size += end - start;
      if (size <= maxBytes) parts.push(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    size += chunk.length - start;
    if (size <= maxBytes) parts.push(chunk.subarray(start));
    else parts = [];
  }
  if (size > 0) yield take();
}

const TOO_LONG: Line = { text: '', fault: 'tooLong' };

function lineOf(bytes: Buffer): Line {
  return isUtf8(bytes) ? { text: bytes.toString('utf8'), fault: null } : { text: '', fault: 'notUtf8' };
}

async function* chunksOf(stream: Readable, silenceMs: number): AsyncGenerator<Buffer> {
  const chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  for (;;) {
    const next = await inTime(chunks.next(), silenceMs);
    if (next.done) return;
    yield next.value;
  }
}

async function inTime<T>(promise: Promise<T>, silenceMs: number): Promise<T> {
  if (silenceMs === Infinity) return promise;
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new SilentStreamError(silenceMs)), silenceMs);
  });
  // Who gives up does not wait for the rest: its error, if there is one, has no reader.
  promise.catch(() => undefined);
  return Promise.race([promise, silence]).finally(() => clearTimeout(timer));
}
