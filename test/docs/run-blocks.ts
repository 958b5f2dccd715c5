import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Block } from './markdown-page.js';

/** What all blocks of a page may take. */
const LIMIT_MS = 150_000;

/** What one block did. */
export interface Ran {
  readonly block: Block;
  readonly printed: string;
  /** Exit code of its last command. */
  readonly code: number;
}

/**
 * Runs shell blocks one after the other in one session, as a reader pastes them: what one sets, the next ones have.
 *
 * @param blocks those of one page, in its order
 * @param url stands in for the address that pages name
 */
export async function runBlocks(
  blocks: readonly Block[],
  { folder, url, databaseUrl }: { folder: string; url: string; databaseUrl: string },
): Promise<readonly Ran[]> {
  const mark = `end of block ${randomUUID()}`;
  const script = blocks.map(({ text }) => `${text}\nprintf '\\n%s %s\\n' '${mark}' "$?"\n`).join('');
  const output = await shell(script.replaceAll('http://127.0.0.1:3000', url), folder, {
    DATABASE_URL: databaseUrl,
  });
  const pieces = output.split(new RegExp(`\\n${mark} (\\d+)\\n`));
  return blocks.map((block, at) => ({
    block,
    printed: pieces[2 * at] ?? '',
    code: Number(pieces[2 * at + 1] ?? NaN),
  }));
}

function shell(script: string, cwd: string, environment: Record<string, string>): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  // A group of its own, so that what a block leaves running ends with it.
  const child = spawn('sh', ['-s'], { cwd, env: { PATH, HOME, ...environment }, detached: true });
  const end = () => process.kill(-(child.pid as number), 'SIGKILL');
  const limit = setTimeout(end, LIMIT_MS);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stdin.end(script);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(limit);
      resolve(output);
    });
  });
}
