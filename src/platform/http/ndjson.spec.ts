import fc from 'fast-check';
import { Readable } from 'node:stream';
import { readLines, Silence, SilentStreamError, type Line } from './ndjson.js';

async function linesOf(chunks: readonly (string | Uint8Array)[], maxBytes = 1000): Promise<Line[]> {
  const stream = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  const lines: Line[] = [];
  for await (const line of readLines(stream, maxBytes)) lines.push(line);
  return lines;
}

const textsOf = async (...chunks: readonly (string | Uint8Array)[]) =>
  (await linesOf(chunks)).map(({ text }) => text);

describe('the lines of a stream', () => {
  it.each([
    ['nothing', [], []],
    ['one line', ['{"a":1}\n'], ['{"a":1}']],
    ['one without a line break at its end', ['{"a":1}'], ['{"a":1}']],
    ['several in a chunk', ['1\n2\n3\n'], ['1', '2', '3']],
    ['one over several chunks', ['{"a"', ':', '1}', '\n'], ['{"a":1}']],
    ['some that end within a chunk', ['1\n2', '2\n33', '3\n'], ['1', '22', '333']],
    ['a break in a chunk of its own', ['1', '\n', '2'], ['1', '2']],
    ['empty ones', ['\n\n1\n\n'], ['', '', '1', '']],
    ['one with a carriage return, which JSON takes for space', ['1\r\n2\r\n'], ['1\r', '2\r']],
  ])('are read: %s', async (_, chunks, lines) => {
    expect(await textsOf(...chunks)).toEqual(lines);
  });

  it('keep a character that is split between chunks', async () => {
    const bytes = Buffer.from('{"名":"😀"}\n');
    for (let at = 1; at < bytes.length; at += 1) {
      expect(await textsOf(bytes.subarray(0, at), bytes.subarray(at))).toEqual(['{"名":"😀"}']);
    }
  });

  it('are the same however the bytes were cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\n'))),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        async (texts, sizes) => {
          const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
          const chunks: Buffer[] = [];
          for (let start = 0, index = 0; start < bytes.length; index += 1) {
            const size = sizes[index % sizes.length] as number;
            chunks.push(bytes.subarray(start, start + size));
            start += size;
          }
          expect(await textsOf(...chunks)).toEqual(texts);
        },
      ),
    );
  });
});

describe('a line that is too long', () => {
  const TOO_LONG: Line = { text: '', fault: 'tooLong' };
  const plain = (text: string): Line => ({ text, fault: null });

  it.each([
    ['in one chunk', ['1\n12345\n2\n']],
    ['over several chunks', ['1\n12', '34', '5', '\n2\n']],
    ['byte by byte', [...'1\n12345\n2\n']],
    ['much longer', [`1\n${'x'.repeat(5000)}`, 'x'.repeat(5000), '\n2\n']],
  ])('%s is named and harms no other', async (_, chunks) => {
    expect(await linesOf(chunks, 4)).toEqual([plain('1'), TOO_LONG, plain('2')]);
  });

  it('is none when it has exactly as many bytes as are allowed', async () => {
    expect(await linesOf(['1234\n', '12', '34'], 4)).toEqual([plain('1234'), plain('1234')]);
  });

  it('is named at the end, without a line break, too', async () => {
    expect(await linesOf(['1\n', '123', '45'], 4)).toEqual([plain('1'), TOO_LONG]);
  });

  it('is measured in bytes, not in characters', async () => {
    expect(await linesOf(['名名\n'], 5)).toEqual([TOO_LONG]);
    expect(await linesOf(['名名\n'], 6)).toEqual([plain('名名')]);
  });

  it('of several in a row is named each', async () => {
    expect(await linesOf(['12345\n12345', '\n12345'], 4)).toEqual([TOO_LONG, TOO_LONG, TOO_LONG]);
  });
});

describe('a stream that falls silent', () => {
  it('is given up after the limit, with the lines before the silence read', async () => {
    const stream = new Readable({ read: () => undefined });
    stream.push('1\n2\n');
    const lines: string[] = [];
    const reading = (async () => {
      for await (const { text } of readLines(stream, 1000, new Silence(50))) lines.push(text);
    })();
    await expect(reading).rejects.toBeInstanceOf(SilentStreamError);
    expect(lines).toEqual(['1', '2']);
  });

  it('is one while nothing but blank lines comes, and none while the reader hears what it wants', async () => {
    const stream = new Readable({ read: () => undefined });
    const feeding = setInterval(() => stream.push('\n'), 5);
    const silence = new Silence(60);
    let useful = 20;
    const reading = (async () => {
      for await (const { text } of readLines(stream, 1000, silence))
        if (text === '' && useful-- > 0) silence.end();
    })();
    await expect(reading).rejects.toThrow('Nothing of use came for 0.06 seconds.');
    clearInterval(feeding);
    expect(useful).toBeLessThan(0);
  });

  it('is none while the reader is the slow one', async () => {
    const stream = Readable.from([Buffer.from('1\n'), Buffer.from('2\n')]);
    const lines: string[] = [];
    for await (const { text } of readLines(stream, 1000, new Silence(50))) {
      await new Promise((resolve) => setTimeout(resolve, 120));
      lines.push(text);
    }
    expect(lines).toEqual(['1', '2']);
  });
});
