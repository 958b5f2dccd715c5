import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ADMIN_KEY_FILE, DEMO_KEYS_FILE } from '../../demo/bootstrap.js';
import { ANCHOR_KEY_FILE } from '../../integrity/index.js';

/** What of the data folder belongs into a backup: the database has only hashes and public keys. */
const KEY_FILES = [ANCHOR_KEY_FILE, ADMIN_KEY_FILE, DEMO_KEYS_FILE];
const SECRET_MODE = 0o600;

export interface KeyFile {
  readonly file: string;
  readonly text: string;
}

/** The key files of a data folder that are there. */
export async function readKeyFiles(dataDir: string): Promise<readonly KeyFile[]> {
  const found = await Promise.all(
    KEY_FILES.map(async (file) => ({ file, text: await textOf(join(dataDir, file)) })),
  );
  return found.filter((entry): entry is KeyFile => entry.text !== null);
}

/** @throws Error when a file is no key file, or the folder has another one of that name */
export async function refuseOtherKeys(dataDir: string, files: readonly KeyFile[]): Promise<void> {
  for (const { file, text } of files) {
    if (!KEY_FILES.includes(basename(file)) || basename(file) !== file)
      throw new Error(`The backup has a file "${file}", which is no key file.`);
    const there = await textOf(join(dataDir, file));
    if (there !== null && there !== text)
      throw new Error(
        `${join(dataDir, file)} is another key than that of the backup: put it elsewhere first.`,
      );
  }
}

/** Only their owner may read them. */
export async function writeKeyFiles(dataDir: string, files: readonly KeyFile[]): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  for (const { file, text } of files) await writeFile(join(dataDir, file), text, { mode: SECRET_MODE });
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
