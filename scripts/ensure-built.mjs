import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, fail, inProject, isMain } from './project.mjs';

const STAMP = inProject('dist', '.laurel-build.json');
const FOLDERS = ['src', 'migrations'];
const FILES = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];

/**
 * Compiles into dist unless dist is what these sources give.
 *
 * Sources are known by name, size and time of change. When a file went away dist is emptied first, so that
 * nothing compiled from it lingers there.
 */
export function ensureBuilt() {
  const sources = [...FOLDERS.flatMap((folder) => filesUnder(folder)), ...FILES];
  const wanted = { names: digest(sources), state: digest(sources.map(stateOf)) };
  const built = readStamp();
  if (built?.state === wanted.state) return;
  if (built?.names !== wanted.names) rmSync(inProject('dist'), { recursive: true, force: true });
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

if (isMain(import.meta.url)) ensureBuilt();
