import { open } from 'node:fs/promises';

const TAIL_BYTES = 4096;
const TAIL_LINES = 20;

/** The last lines of the server's log, to show beside an error. Empty when there is no log. */
export async function logTail(path: string): Promise<string> {
  const handle = await open(path, 'r').catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  } finally {
    await handle.close();
  }
}
