import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, linkSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './ensure-installed.mjs';
import { ROOT, fail, inProject, isMain } from './project.mjs';

const STAMP = inProject('dist', '.laurel-build.json');
/** Names the process that compiles: two at once would read what the other one is writing. */
const LOCK = inProject('node_modules', '.laurel-build.lock');
const LOOK_AGAIN_MS = 200;
const FOLDERS = ['src', 'migrations'];
const FILES = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];

/**
 * Compiles into dist unless dist is what these sources give.
 *
 * Sources are known by name, size and time of change. When a file went away dist is emptied first, so that
 * nothing compiled from it lingers there.
 */
export function ensureBuilt() {
  if (!isBuilt(wantedStamp())) alone(build);
}

/** Is dist what the sources give? Where there are no sources (an image, a folder that was put together) it is. */
export function isCompiled() {
  return existsSync(inProject('src'))
    ? isBuilt(wantedStamp())
    : existsSync(inProject('dist', 'src', 'main.js'));
}

function build() {
  const wanted = wantedStamp();
  if (isBuilt(wanted)) return;
  if (readStamp()?.names !== wanted.names) rmSync(inProject('dist'), { recursive: true, force: true });
  const started = performance.now();
  console.error('Compiling ...');
  const compiler = inProject('node_modules', 'typescript', 'bin', 'tsc');
  const result = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (result.status !== 0) fail('Laurel could not be compiled; the errors are above.');
  writeFileSync(STAMP, JSON.stringify(wanted));
  console.error(`Compiled in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

function wantedStamp() {
  const sources = [...FOLDERS.flatMap((folder) => filesUnder(folder)), ...FILES];
  return { names: digest(sources), state: digest(sources.map(stateOf)) };
}

function isBuilt(wanted) {
  return readStamp()?.state === wanted.state;
}

function alone(work) {
  while (!taken()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN_MS);
  try {
    work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

/** Takes the lock, also from a process that is gone. @returns false while another one has it. */
function taken() {
  const mine = `${LOCK}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    // A link appears with its content, or not at all.
    linkSync(mine, LOCK);
    return true;
  } catch {
    if (!isRunning(Number(readText(LOCK)))) rmSync(LOCK, { force: true });
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function isRunning(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function filesUnder(folder) {
  return readdirSync(inProject(folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesUnder(path);
      return path.endsWith('.ts') && !path.endsWith('spec.ts') ? [path] : [];
    })
    .sort();
}

function stateOf(path) {
  const { size, mtimeMs } = statSync(inProject(path));
  return `${path} ${size} ${mtimeMs}`;
}

function digest(lines) {
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(STAMP, 'utf8'));
  } catch {
    return undefined;
  }
}

if (isMain(import.meta.url)) {
  ensureInstalled();
  ensureBuilt();
}
