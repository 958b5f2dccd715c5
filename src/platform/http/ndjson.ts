import type { Readable } from 'node:stream';

export interface Line {
  readonly text: string;
  /** Longer than the limit; `text` is then empty. */
  readonly tooLong: boolean;
}

/**
 * The lines of a stream of UTF-8 text. Holds at most one line of at most `maxBytes`; the rest of a longer one
 * is read past, so that one bad line harms no other.
 */
export async function* readLines(stream: Readable, maxBytes: number): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let size = 0;
  const take = (): Line => {
    const line = {
      text: size > maxBytes ? '' : Buffer.concat(parts).toString('utf8'),
      tooLong: size > maxBytes,
    };
    parts = [];
    size = 0;
    return line;
  };
  for await (const chunk of stream as AsyncIterable<Buffer>) {
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
