import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePrivateKey, signerOf, type Signer } from '../../platform/signing/ed25519.js';

/** In the data folder; only its owner may read it. */
export const ANCHOR_KEY_FILE = 'anchor-key.pem';
const SECRET_MODE = 0o600;

/** Whether this process signs the anchors it makes; if not, why. */
export type AnchorSigning =
  | { readonly state: 'signing'; readonly signer: Signer }
  | { readonly state: 'unsigned'; readonly reason: string };

/**
 * The installation's key: the given one, else that of the data folder, where the first start makes one. A folder
 * that takes no file leaves the anchors unsigned, which they say of themselves. A key file that is there and cannot
 * be used stops the start: another key in its place would hide that it was exchanged.
 * @throws Error when the file is there and is not a readable Ed25519 key.
 */
export async function anchorSigning(given: KeyObject | undefined, dataDir: string): Promise<AnchorSigning> {
  if (given) return { state: 'signing', signer: signerOf(given) };
  const path = join(dataDir, ANCHOR_KEY_FILE);
  let text = await readKey(path);
  if (text === null) {
    try {
      text = await makeKey(dataDir, path);
    } catch (error) {
      const reason = `There is no LAUREL_ANCHOR_KEY, and no key can be kept in ${dataDir}: ${(error as Error).message}`;
      return { state: 'unsigned', reason };
    }
  }
  return { state: 'signing', signer: signerOf(parseKey(text, path)) };
}

/**
 * What an operator must know of a key that never signed here while others did: after a restore, or on a new machine,
 * the first start makes another one.
 * @param known ids of the keys that signed anchors of this database, oldest first
 * @returns null where the key is known, or the first one
 */
export function otherKeyNotice(keyId: string, known: readonly string[]): string | null {
  if (known.length === 0 || known.includes(keyId)) return null;
  return `Anchors are signed by key ${keyId} from now on; those before are signed by ${known.at(-1)}. If that is not meant, stop and put its private key back (docs/operations.md#the-anchor-key).`;
}

async function readKey(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new Error(`The anchor key cannot be read: ${message}`, { cause: error });
  }
}

/** Written aside and linked into place, so that of processes that start at once all read the same whole key. */
async function makeKey(dataDir: string, path: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const text = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  await mkdir(dataDir, { recursive: true });
  const aside = `${path}.${randomUUID()}`;
  await writeFile(aside, text, { mode: SECRET_MODE, flag: 'wx' });
  try {
    await link(aside, path);
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return await readFile(path, 'utf8');
  } finally {
    await unlink(aside);
  }
}

function parseKey(text: string, path: string): KeyObject {
  try {
    return parsePrivateKey(text);
  } catch (error) {
    throw new Error(`${path} is not an Ed25519 private key: ${(error as Error).message}`, { cause: error });
  }
}
