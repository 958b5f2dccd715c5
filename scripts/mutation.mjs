import { readFileSync } from 'node:fs';
import { ensureInstalled } from './ensure-installed.mjs';
import { ROOT, fail, inProject } from './project.mjs';

/**
 * npm run mutation: changes the rules one place at a time and sees whether a spec fails.
 *
 *   npm run mutation                 the rules of all modules below
 *   npm run mutation -- tiers        those of one (or several: tiers finance)
 *
 * Ends with 1 when a folder's score is below the threshold. The full reports are in reports/mutation.
 */

const MODULES = ['ledger', 'finance', 'tiers'];
/** Per cent of a folder's mutants that the specs must find. */
const THRESHOLD = 85;
const CONCURRENCY = 2;
/** What a mutant may take beyond what its specs take: much, so that only endless loops run into it. */
const TIMEOUT_MS = 15_000;
const REPORTS = 'reports/mutation';

const FOUND = ['Killed', 'Timeout'];
const MISSED = ['Survived', 'NoCoverage'];

const modules = parseArguments(process.argv.slice(2));
process.chdir(ROOT);
ensureInstalled();
const { Stryker } = await import('@stryker-mutator/core');

const scores = [];
for (const module of modules) scores.push({ module, score: await mutate(module) });

console.log();
for (const { module, score } of scores) console.log(`${folderOf(module).padEnd(22)}${score.toFixed(2)} %`);
const weak = scores.filter(({ score }) => !(score >= THRESHOLD)).map(({ module }) => folderOf(module));
if (weak.length > 0) fail(`Below ${THRESHOLD} %: ${weak.join(', ')}`);

function parseArguments(names) {
  const unknown = names.filter((name) => !MODULES.includes(name));
  if (unknown.length > 0) fail(`npm run mutation takes ${MODULES.join(', ')}; not "${unknown.join(' ')}"`);
  return names.length === 0 ? MODULES : [...new Set(names)];
}

function folderOf(module) {
  return `src/${module}/domain`;
}

/** Tests one folder's specs and prints what they missed. Gives the score in per cent. */
async function mutate(module) {
  const started = performance.now();
  try {
    await new Stryker(options(module)).runMutationTest();
  } catch (error) {
    // Stryker has said what is wrong with the specs, for instance that one fails without any mutant.
    fail(error.message);
  }
  const { files } = JSON.parse(readFileSync(inProject(REPORTS, `${module}.json`), 'utf8'));
  const mutants = Object.entries(files).flatMap(([path, { source, mutants }]) =>
    mutants.map((mutant) => ({ ...mutant, path, source })),
  );
  const found = mutants.filter(({ status }) => FOUND.includes(status)).length;
  const missed = mutants.filter(({ status }) => MISSED.includes(status));
  const disabled = mutants.filter(({ status }) => status === 'Ignored').length;
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  console.log(
    `\n${folderOf(module)}: ${found} of ${found + missed.length} mutants found` +
      `${disabled > 0 ? `, ${disabled} disabled` : ''}, in ${minutes} min; ${REPORTS}/${module}.html`,
  );
  for (const mutant of missed) console.log(`  ${describe(mutant)}`);
  return (100 * found) / (found + missed.length);
}

function options(module) {
  const isTerminal = process.stdout.isTTY === true;
  return {
    mutate: [`${folderOf(module)}/**/*.ts`, '!**/*spec.ts'],
    testRunner: 'jest',
    plugins: [import.meta.resolve('@stryker-mutator/jest-runner')],
    testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    jest: {
      configFile: 'test/mutation/jest.config.js',
      config: { globals: { SPECS_IN: folderOf(module) } },
      enableFindRelatedTests: false,
    },
    coverageAnalysis: 'perTest',
    concurrency: CONCURRENCY,
    timeoutMS: TIMEOUT_MS,
    // Only what the specs need is copied to where it is mutated.
    ignorePatterns: ['/*', '!/src', '!/migrations', '!/test', '!/package.json', '!/jest.config.js'],
    tempDirName: `${REPORTS}/sandbox`,
    cleanTempDir: 'always',
    // swc checks no types, so the files may stay as they are.
    disableTypeChecks: false,
    reporters: [isTerminal ? 'progress' : 'progress-append-only', 'html', 'json'],
    htmlReporter: { fileName: `${REPORTS}/${module}.html` },
    jsonReporter: { fileName: `${REPORTS}/${module}.json` },
    warnings: { slow: false },
    allowConsoleColors: isTerminal,
    logLevel: 'warn',
  };
}

/** One line that says where and what, for instance "src/a.ts:3:7 EqualityOperator: a < b -> a <= b". */
function describe({ path, source, location: { start, end }, mutatorName, replacement, status }) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  const uncovered = status === 'NoCoverage' ? ' (no spec comes here)' : '';
  return (
    `${path}:${start.line}:${start.column} ${mutatorName}${uncovered}: ` +
    `${shortened(lines.join('\n'))} -> ${shortened(replacement)}`
  );
}

function shortened(code) {
  const text = code.replace(/\s+/g, ' ').trim();
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
