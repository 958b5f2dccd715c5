import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ROOT, fail, inProject, isMain } from './project.mjs';

const STAMP = inProject('node_modules', '.laurel-lock-hash');

/**
 * Installs the packages of package-lock.json unless they are installed. Touches no network when they are.
 *
 * A stamp in node_modules remembers the lock file they came from. Where it is missing or old, somebody may
 * have run npm by hand, so what npm noted about the installed packages is compared before reinstalling.
 */
export function ensureInstalled() {
  const lockText = readFileSync(inProject('package-lock.json'), 'utf8');
  const hash = createHash('sha256').update(lockText).digest('hex');
  if (readIfThere(STAMP)?.trim() === hash) return;
  if (!isInstalled(JSON.parse(lockText))) install();
  writeStamp(hash);
}

function install() {
  console.error('Installing packages (npm ci) ...');
  // Development packages too, whatever NODE_ENV says: start compiles, and the tests are tests.
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
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
        `To see more, run "npm ci --include=dev --include=optional" in ${ROOT}.`,
    );
  }
}

/** Does npm's own record of node_modules name the versions of the lock file? */
function isInstalled(lock) {
  const recordText = readIfThere(inProject('node_modules', '.package-lock.json'));
  if (recordText === undefined) return false;
  const installed = JSON.parse(recordText).packages ?? {};
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    if (found === undefined) return wanted.optional === true && !isForThisMachine(wanted);
    return found.version === wanted.version && existsSync(inProject(path));
  });
}

/**
 * Does this optional package say that it is for this machine? npm leaves out those for other systems and
 * what only they need. Those that name a C library are not judged.
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
