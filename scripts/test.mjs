import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { argumentsForChanges } from './changed-tests.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { ROOT, fail, inProject } from './project.mjs';

/**
 * npm test: everything that must hold before a change is merged.
 *
 *   npm test                                     all steps
 *   npm test -- --only jest src/ledger           one step (or several: --only lint,types), with Jest's arguments
 *   npm test -- -t "expires"                     all steps, Jest's narrowed
 *   npm test -- --changed                        all steps, of Jest's what the changes can break (--changed=COMMIT)
 */

/** The static steps run beside Jest, one at a time, with what its workers leave while they wait for the database. */
const BEHIND_JEST = 10;

const bin = (path) => inProject('node_modules', ...path.split('/'));

/** In the order of the time they take; without Jest two run at a time. */
const STATIC_STEPS = {
  lint: [bin('eslint/bin/eslint.js'), '.', '--max-warnings=0'],
  types: [bin('typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.json'],
  format: [bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'],
  arch: [
    bin('dependency-cruiser/bin/dependency-cruise.mjs'),
    'src',
    'migrations',
    'test',
    '--output-type=err',
  ],
  dead: [bin('knip/bin/knip.js'), '--no-progress'],
};

const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', bin('jest/bin/jest.js')];

/** What configures an engine must not configure the tests. */
const ENGINE_VARIABLES =
  /^(HOST|PORT|DATABASE_URL|PG[A-Z]+|LAUREL_(MIGRATION_URL|DATA_DIR|DEMO|BOOTSTRAP_KEY|LOG_LEVEL|QUEUE_LIMIT|SHARDS|SHARD_THREADS|CACHED_ACCOUNTS|POOL_SIZE|CONNECTIONS|CONNECTIONS_PER_CLIENT|ANCHOR_KEY))$/;

const { only, jestArgs } = parseArguments(process.argv.slice(2));
const isWanted = (step) => only === undefined || only.includes(step);

ensureInstalled();
const failed = [];
await runSteps();
if (failed.length > 0) fail(`Failed: ${failed.join(', ')}`);
process.exit(0);

function parseArguments(args) {
  const rest = [...args];
  const only = taken(rest, 'only', true)?.split(',');
  const changed = taken(rest, 'changed', false);
  const known = [...Object.keys(STATIC_STEPS), 'jest'];
  const unknown = (only ?? []).filter((name) => !known.includes(name));
  if (unknown.length > 0) fail(`--only takes ${known.join(', ')}; not "${unknown.join(',')}"`);
  return {
    only,
    jestArgs: changed === undefined ? rest : [...rest, ...argumentsForChanges(changed || undefined)],
  };
}

/** Takes `--name=value` off `args`, or `--name value` where it needs one. @returns undefined without it */
function taken(args, name, needsValue) {
  const at = args.findIndex((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
  if (at === -1) return undefined;
  const [said, next] = args.splice(at, needsValue && args[at] === `--${name}` ? 2 : 1);
  return said.includes('=') ? said.slice(said.indexOf('=') + 1) : (next ?? '');
}

/** Runs Jest, and the static steps beside it and after it; all to their end, for one failure should not hide the next. */
async function runSteps() {
  const queue = Object.keys(STATIC_STEPS).filter(isWanted);
  const isJestWanted = isWanted('jest');
  const worker = async (priority) => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      if (!(await runStep(name, STATIC_STEPS[name], 'pipe', priority))) failed.push(name);
    }
  };
  const jest = async () => {
    if (isJestWanted && !(await runStep('jest', [...JEST, ...jestArgs], 'inherit'))) failed.push('jest');
    await worker(0);
  };
  await Promise.all([jest(), worker(isJestWanted ? BEHIND_JEST : 0)]);
}

/** Runs one step; its output is shown as it comes ("inherit") or only if the step fails ("pipe"). */
function runStep(name, args, output, priority = 0) {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: ['ignore', output, output],
      env: testEnvironment(),
    });
    if (priority !== 0 && child.pid !== undefined) lower(child.pid, priority);
    let text = '';
    child.stdout?.on('data', (chunk) => (text += chunk));
    child.stderr?.on('data', (chunk) => (text += chunk));
    const end = (passed, problem = '') => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
      console.log(`${passed ? 'ok    ' : 'FAILED'} ${name.padEnd(7)}${seconds} s`);
      if (!passed && (text || problem)) console.log(`${text}${problem}`.replace(/^/gm, '  '));
      resolve(passed);
    };
    child.once('error', (error) => end(false, error.message));
    child.once('close', (code) => end(code === 0));
  });
}

function testEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !ENGINE_VARIABLES.test(name));
  return { ...Object.fromEntries(kept), NODE_ENV: 'test' };
}

function lower(pid, priority) {
  try {
    setPriority(pid, priority);
  } catch {
    // It ended already, or the system does not let us.
  }
}
