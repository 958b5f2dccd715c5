import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signerOf } from '../../platform/signing/ed25519.js';
import { ANCHOR_KEY_FILE, anchorSigning, otherKeyNotice } from './anchor-key.js';

const keyIdIn = async (dataDir: string, given?: Parameters<typeof anchorSigning>[0]) => {
  const signing = await anchorSigning(given, dataDir);
  return signing.state === 'signing' ? signing.signer.keyId : signing.reason;
};

describe('the installation’s key', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'laurel-anchor-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is the one that is given, and then no file is made', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    expect(await keyIdIn(folder, privateKey)).toBe(signerOf(privateKey).keyId);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is made at the first start, readable for its owner alone, and found again', async () => {
    const dataDir = join(folder, 'not', 'there', 'yet');
    const first = await keyIdIn(dataDir);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect((await stat(join(dataDir, ANCHOR_KEY_FILE))).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toEqual([ANCHOR_KEY_FILE]);
    expect(await keyIdIn(dataDir)).toBe(first);
  });

  it('is one for processes that start at once', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => keyIdIn(folder)));
    expect(new Set(keys).size).toBe(1);
    expect(await readdir(folder)).toEqual([ANCHOR_KEY_FILE]);
  });

  it('is not made anew in the place of one that cannot be used', async () => {
    const path = join(folder, ANCHOR_KEY_FILE);
    await writeFile(path, 'spoilt');
    await expect(anchorSigning(undefined, folder)).rejects.toThrow(`${path} is not an Ed25519 private key`);
    expect(await readFile(path, 'utf8')).toBe('spoilt');
    await rm(path);
    await writeFile(join(folder, 'file'), '');
    await expect(anchorSigning(undefined, join(folder, 'file'))).rejects.toThrow();
  });

  it('is missing, and says so, where no file can be kept', async () => {
    // Root writes wherever it wants; a folder that nobody writes to is one of the kernel's.
    const readOnly = process.getuid?.() === 0 ? '/proc/sys' : folder;
    if (readOnly === folder) await chmod(folder, 0o500);
    const signing = await anchorSigning(undefined, readOnly);
    expect(signing).toMatchObject({ state: 'unsigned', reason: expect.stringContaining(readOnly) });
  });
});

describe('a key that never signed here', () => {
  it('is told where others did, and not where it is the first or known', () => {
    expect(otherKeyNotice('new', [])).toBeNull();
    expect(otherKeyNotice('old', ['first', 'old'])).toBeNull();
    expect(otherKeyNotice('new', ['first', 'old'])).toMatch(
      /by key new from now on; those before .* by old\./,
    );
  });
});
