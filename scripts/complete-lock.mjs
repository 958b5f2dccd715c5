import { readFileSync, writeFileSync } from 'node:fs';
import { inProject } from './project.mjs';

/**
 * Names in package-lock.json the optional packages for other systems that npm left out of it.
 *
 * npm leaves them out when the registry it asks has no such version, and `npm ci` then refuses the lock file
 * ("Missing: ... from lock file"). An entry with the exact version its parent asks for satisfies `npm ci`
 * everywhere; the package is still only fetched on the systems it is for. Run this after `npm install`.
 */
const PATH = inProject('package-lock.json');
const SYSTEMS = [
  'darwin',
  'linux',
  'win32',
  'windows',
  'freebsd',
  'openbsd',
  'android',
  'openharmony',
  'wasm32',
];
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el'];

const lock = JSON.parse(readFileSync(PATH, 'utf8'));
const added = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const top = `node_modules/${name}`;
    if (lock.packages[top] !== undefined || lock.packages[`${path}/${top}`] !== undefined) continue;
    lock.packages[top] = entryFor(name, version, entry.dev === true);
    added.push(`${name}@${version}`);
  }
}
if (added.length > 0) {
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries(sorted);
  writeFileSync(PATH, `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(added.length === 0 ? 'package-lock.json is complete.' : `Added:\n${added.join('\n')}`);

/** The packages' names say which system they are for; that keeps npm from fetching them on others. */
function entryFor(name, version, isDev) {
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) throw new Error(`${name}: "${version}" is not exact`);
  const words = name.split(/[-/]/);
  const system = words.find((word) => SYSTEMS.includes(word));
  const processor = words.find((word) => PROCESSORS.includes(word)) ?? 'wasm32';
  if (system === undefined) throw new Error(`${name}: its name does not tell its system`);
  return {
    version,
    cpu: [processor],
    ...(isDev ? { dev: true } : {}),
    optional: true,
    ...(system === 'wasm32' ? {} : { os: [system === 'windows' ? 'win32' : system] }),
  };
}
