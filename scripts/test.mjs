import { spawn } from 'node:child_process';
import { ensureInstalled } from './ensure-installed.mjs';
import { ROOT, fail, inProject } from './project.mjs';

/**
 * npm test: everything that must hold before a change is merged.
 *
 *   npm test                                     all steps
 *   npm test -- --only jest src/ledger           one step (or several: --only lint,types), with Jest's arguments
 *   npm test -- -t "expires"                     all steps, Jest's narrowed
 */

/** The static steps hold at most these many processes at a time; Jest has workers of its own. */
const AT_A_TIME = 2;

const bin = (path) => inProject('node_modules', ...path.split('/'));

/** In the order of the time they take, so that the two places are filled well. */
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
const failed = await runStaticSteps(Object.keys(STATIC_STEPS).filter(isWanted));
if (isWanted('jest') && !(await runStep('jest', [...JEST, ...jestArgs], 'inherit'))) failed.push('jest');
if (failed.length > 0) fail(`Failed: ${failed.join(', ')}`);
process.exit(0);

function parseArguments(args) {
  const at = args.findIndex((arg) => arg === '--only' || arg.startsWith('--only='));
  if (at === -1) return { only: undefined, jestArgs: args };
  const inline = args[at].split('=')[1];
  const names = (inline ?? args[at + 1] ?? '').split(',');
  const known = [...Object.keys(STATIC_STEPS), 'jest'];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) fail(`--only takes ${known.join(', ')}; not "${unknown.join(',')}"`);
  return { only: names, jestArgs: args.toSpliced(at, inline === undefined ? 2 : 1) };
}

/** Runs them a few at a time and all to their end: one failure should not hide the next. */
async function runStaticSteps(names) {
  const failures = [];
  const queue = [...names];
  const worker = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      if (!(await runStep(name, STATIC_STEPS[name], 'pipe'))) failures.push(name);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return failures;
}

/** Runs one step; its output is shown as it comes ("inherit") or only if the step fails ("pipe"). */
function runStep(name, args, output) {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: ['ignore', output, output],
      env: testEnvironment(),
    });
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
