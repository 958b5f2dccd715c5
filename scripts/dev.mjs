import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { ensureInstalled } from './ensure-installed.mjs';
import { ROOT, fail, inProject } from './project.mjs';

/**
 * npm run dev: the engine from its sources, started again when one of them changes.
 *
 *   npm run dev                                  on .laurel, as npm start
 *   npm run dev -- --inspect                     a debugger may attach
 *   LAUREL_SHARD_THREADS=true npm run dev         with a thread for each shard, which the debugger shows, too
 *
 * Without LAUREL_SHARDS and LAUREL_SHARD_THREADS there is one shard in the main thread: each thread loads all sources
 * once more. Sources are transpiled when they are loaded, file by file, so types are not checked: the editor does
 * that, and `npm test -- --only types`. The arguments are options of Node.js.
 */
const ONE_THREAD = { LAUREL_SHARDS: '1', LAUREL_SHARD_THREADS: 'false' };
const WATCHED = ['src', 'migrations'];
const IS_SOURCE = /(?<!spec)\.ts$/;
/** An editor writes a file in several steps, and a change of branch many files. */
const QUIET_MS = 100;
const STOP_SIGNALS = ['SIGINT', 'SIGTERM'];

const options = process.argv.slice(2);
const wrong = options.filter((option) => !option.startsWith('--'));
if (wrong.length > 0)
  fail(`npm run dev takes options of Node.js such as --inspect; not "${wrong.join(' ')}"`);

ensureInstalled();
const LOADER = new URL('../test/harness/register-typescript.mjs', import.meta.url).href;
const ARGUMENTS = [
  ...['--enable-source-maps', '--max-semi-space-size=64', '--disable-warning=ExperimentalWarning'],
  ...['--import', LOADER, ...options, inProject('src', 'main.ts')],
];

const hasShards = Object.keys(ONE_THREAD).some((name) => (process.env[name] ?? '') !== '');

let ending = false;
let changed = 0;
let engine = start();
let restart = Promise.resolve();
let timer;

for (const folder of WATCHED) {
  watch(inProject(folder), { recursive: true }, (_, name) => {
    if (name === null || !IS_SOURCE.test(name)) return;
    clearTimeout(timer);
    timer = setTimeout(() => begin(name), QUIET_MS);
  });
}
for (const signal of STOP_SIGNALS) {
  process.on(signal, () => {
    ending = true;
    void stop().then(() => process.exit(0));
  });
}

/** Restarts once, however often files change while the engine stops. */
function begin(name) {
  changed += 1;
  const mine = changed;
  restart = restart.then(async () => {
    if (mine !== changed || ending) return;
    console.error(`\n${name} changed: starting again ...`);
    await stop();
    if (!ending) engine = start();
  });
}

function start() {
  const started = spawn(process.execPath, ARGUMENTS, {
    cwd: ROOT,
    stdio: 'inherit',
    env: hasShards ? process.env : { ...process.env, ...ONE_THREAD },
    // In a group of its own a Ctrl-C reaches this process alone, which passes it on.
    detached: process.platform !== 'win32',
  });
  started.once('exit', (code) => {
    if (code !== 0 && code !== null && !ending) console.error('It waits for a change ...');
  });
  return started;
}

/** Asks the engine to stop, and waits until it did: the embedded server has one owner. */
async function stop() {
  if (engine.exitCode !== null || engine.signalCode !== null) return;
  const ended = once(engine, 'exit');
  engine.kill('SIGTERM');
  await ended;
}
