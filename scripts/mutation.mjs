import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { ensureInstalled } from './ensure-installed.mjs';
import { ROOT, fail, inProject } from './project.mjs';

/**
 * npm run mutation: changes the rules one place at a time and sees whether a spec fails.
 *
 *   npm run mutation                 all targets below
 *   npm run mutation -- tiers        one (or several: tiers finance)
 *
 * Ends with 1 when a target's score is below the threshold. The full reports are in reports/mutation.
 * MUTATION_CONCURRENCY says how many mutants are tried at once (2); MUTATION_ONLY narrows a target to a part, for
 * instance src/platform/pipeline/shards/shard-worker.ts:100-140, while one writes specs for it.
 */

/** Whole folders of rules, tried by the specs in them; files of a folder, tried by pure specs that come through them. */
const TARGETS = {
  ledger: domain('ledger'),
  finance: domain('finance'),
  tiers: domain('tiers'),
  decide: {
    mutated: [
      ...['decide', 'batch-claims', 'apply-due'].map((name) => `src/platform/pipeline/decide/${name}.ts`),
      'src/platform/pipeline/batch/due-rules.ts',
    ],
    specs: () => pureSpecs('src/platform/pipeline/decide', /^(decide|apply-due|lacking-rows|two-accounts)\./),
  },
  shard: {
    mutated: ['shard-worker', 'fate', 'retry-policy'].map(
      (name) => `src/platform/pipeline/shards/${name}.ts`,
    ),
    specs: () => pureSpecs('src/platform/pipeline/shards', /^(shard-worker(-errors)?|fate|retry-policy)\./),
  },
  reactors: {
    mutated: ['src/*/*.reactors.ts', 'src/*/*.reactor.ts'],
    specs: () => [...MODULES.flatMap((module) => pureSpecs(`src/${module}`)), ...pureSpecs('test/vectors')],
    // While its module is loaded a reactor only takes its name, and its event's, which the compiler checks.
    withoutStatic: true,
  },
};
/** Whose specs tell stories that come through the reactors. */
const MODULES = [
  ...['adjustments', 'audit', 'earning', 'finance', 'households', 'ledger', 'members'],
  ...['purchases', 'redemptions', 'tiers', 'transfers'],
];
/** Per cent of a target's mutants that the specs must find. */
const THRESHOLD = 85;
const ONLY = process.env.MUTATION_ONLY;
const CONCURRENCY = Number(process.env.MUTATION_CONCURRENCY ?? 2);
/** What a mutant may take beyond what its specs take: much, so that only endless loops run into it. */
const TIMEOUT_MS = 15_000;
const REPORTS = 'reports/mutation';

const FOUND = ['Killed', 'Timeout'];
const MISSED = ['Survived', 'NoCoverage'];

const targets = parseArguments(process.argv.slice(2));
process.chdir(ROOT);
ensureInstalled();
const { Stryker } = await import('@stryker-mutator/core');

const scores = [];
for (const target of targets) scores.push({ target, score: await mutate(target) });

console.log();
for (const { target, score } of scores) console.log(`${target.padEnd(12)}${score.toFixed(2)} %`);
const weak = scores.filter(({ score }) => !(score >= THRESHOLD)).map(({ target }) => target);
if (weak.length > 0) fail(`Below ${THRESHOLD} %: ${weak.join(', ')}`);

function parseArguments(names) {
  const all = Object.keys(TARGETS);
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0) fail(`npm run mutation takes ${all.join(', ')}; not "${unknown.join(' ')}"`);
  return names.length === 0 ? all : [...new Set(names)];
}

function domain(module) {
  const folder = `src/${module}/domain`;
  return { mutated: [`${folder}/**/*.ts`], specs: () => pureSpecs(folder) };
}

/** Specs of a folder that need no database, the quick ones first. @param named what their names begin with */
function pureSpecs(folder, named = /^/) {
  const isProperty = (name) => name.endsWith('.prop-spec.ts');
  return readdirSync(inProject(folder), { recursive: folder.endsWith('/domain') })
    .filter((name) => /\.(prop-)?spec\.ts$/.test(name) && named.test(basename(name)))
    .sort((a, b) => Number(isProperty(a)) - Number(isProperty(b)) || (a < b ? -1 : 1))
    .map((name) => `${folder}/${name}`);
}

/** Tests one target's specs and prints what they missed. Gives the score in per cent. */
async function mutate(target) {
  const started = performance.now();
  try {
    await new Stryker(options(target)).runMutationTest();
  } catch (error) {
    // Stryker has said what is wrong with the specs, for instance that one fails without any mutant.
    fail(error.message);
  }
  const { files } = JSON.parse(readFileSync(inProject(REPORTS, `${target}.json`), 'utf8'));
  const mutants = Object.entries(files).flatMap(([path, { source, mutants }]) =>
    mutants.map((mutant) => ({ ...mutant, path, source })),
  );
  const found = mutants.filter(({ status }) => FOUND.includes(status)).length;
  const missed = mutants.filter(({ status }) => MISSED.includes(status));
  const disabled = mutants.filter(({ status }) => status === 'Ignored').length;
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  console.log(
    `\n${target}: ${found} of ${found + missed.length} mutants found` +
      `${disabled > 0 ? `, ${disabled} disabled` : ''}, in ${minutes} min; ${REPORTS}/${target}.html`,
  );
  for (const mutant of missed) console.log(`  ${describe(mutant)}`);
  return (100 * found) / (found + missed.length);
}

function options(target) {
  const isTerminal = process.stdout.isTTY === true;
  return {
    mutate: [...(ONLY === undefined ? TARGETS[target].mutated : [ONLY]), '!**/*spec.ts'],
    testRunner: 'specs',
    plugins: [import.meta.resolve('../test/mutation/specs-runner.js')],
    specs: TARGETS[target].specs(),
    coverageAnalysis: 'perTest',
    ignoreStatic: TARGETS[target].withoutStatic ?? false,
    concurrency: CONCURRENCY,
    timeoutMS: TIMEOUT_MS,
    // Only what the specs need is copied to where it is mutated.
    ignorePatterns: ['/*', '!/src', '!/migrations', '!/test', '!/package.json'],
    tempDirName: `${REPORTS}/sandbox`,
    cleanTempDir: 'always',
    // swc checks no types, so the files may stay as they are.
    disableTypeChecks: false,
    reporters: [isTerminal ? 'progress' : 'progress-append-only', 'html', 'json'],
    htmlReporter: { fileName: `${REPORTS}/${target}.html` },
    jsonReporter: { fileName: `${REPORTS}/${target}.json` },
    warnings: { slow: false, unknownOptions: false },
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
