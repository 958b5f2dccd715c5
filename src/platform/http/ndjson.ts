import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';

export interface Line {
  readonly text: string;
  /** Longer than the limit, or no UTF-8; `text` is then empty. */
  readonly fault: 'tooLong' | 'notUtf8' | null;
}

/** Nothing of use came from the sender for so long that the stream is given up. */
export class SilentStreamError extends Error {
  constructor(readonly silenceMs: number) {
    super(`Nothing of use came for ${silenceMs / 1000} seconds.`);
    this.name = 'SilentStreamError';
  }
}

/**
 * How long a reader has waited for its sender since the last sign of life, which the reader itself names: blank lines
 * keep a connection open, and bring nothing. The time in which nothing is read does not count.
 */
export class Silence {
  private waitedMs = 0;

  /** @param limitMs how long the silence may be; `Infinity` for no bound. */
  constructor(private readonly limitMs: number) {}

  /** Something of use came. */
  end(): void {
    this.waitedMs = 0;
  }

  /** Waits for the sender. @throws SilentStreamError once the silence has lasted for its limit */
  async during<T>(promise: Promise<T>): Promise<T> {
    if (this.limitMs === Infinity) return promise;
    const began = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<never>((_, fail) => {
      const left = Math.max(0, this.limitMs - this.waitedMs);
      timer = setTimeout(() => fail(new SilentStreamError(this.limitMs)), left);
    });
    // The caller that gives up does not wait for the rest: its error, if there is one, has no reader.
    promise.catch(() => undefined);
    try {
      return await Promise.race([promise, over]);
    } finally {
      clearTimeout(timer);
      this.waitedMs += performance.now() - began;
    }
  }
}

/**
 * The lines of a stream of UTF-8 text. Holds at most one line of at most `maxBytes`; the rest of a longer one
 * is read past, so that one bad line harms no other.
 * @param silence how long the reader waits for a line that it takes for a sign of life.
 * @throws SilentStreamError
 */
export async function* readLines(
  stream: Readable,
  maxBytes: number,
  silence = new Silence(Infinity),
): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let size = 0;
  const take = (): Line => {
    const line = size > maxBytes ? TOO_LONG : lineOf(Buffer.concat(parts));
    parts = [];
    size = 0;
    return line;
  };
  for await (const chunk of chunksOf(stream, silence)) {
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

async function* chunksOf(stream: Readable, silence: Silence): AsyncGenerator<Buffer> {
  const chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  for (;;) {
    const next = await silence.during(chunks.next());
    if (next.done) return;
    yield next.value;
  }
}
