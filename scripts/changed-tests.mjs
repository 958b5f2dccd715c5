import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, fail, inProject } from './project.mjs';

/** What a change is compared with, where nothing is named: the first of these that there is. */
const BASES = ['origin/main', 'main', 'HEAD'];
/** Whatever they change, any test may see it: the schema, packages, and how tests are run. */
const SEEN_BY_ALL =
  /^(migrations\/|package(-lock)?\.json$|jest\.config\.js$|tsconfig|test\/harness\/.*\.(mjs|js)$)/;
const MODULE = /^(src|test)\/.*\.ts$/;
const SHIPPED = /^(src\/(?!.*spec\.ts$)|scripts\/|bench\/)/;
/** Specs that start a process of the sources, which no import tells. */
const STARTS_PROCESS = /engine-process\.js|node:child_process|production-folder\.js/;
/** Specs that read pages, or compare them with the code. */
const READS_PAGES = /\bdocs\/|README\.md|\.md'/;

/**
 * The arguments that let Jest run what the changes since `base` can break: the specs that import a changed file, over
 * however many others, those that start processes, and for pages those that read them.
 *
 * @param base a commit; undefined: where this branch left the main one
 * @returns no arguments where everything has to run
 */
export function argumentsForChanges(base) {
  const since = base ?? forkPoint();
  const changed = changedSince(since);
  const all = changed.find((path) => SEEN_BY_ALL.test(path));
  console.log(`${changed.length} files changed since ${since.slice(0, 12)}.`);
  if (all !== undefined) {
    console.log(`${all} is among them, so all tests run.`);
    return [];
  }
  const specs = readdirSync(inProject('test'), { recursive: true, encoding: 'utf8' })
    .map((name) => join('test', name))
    .filter((path) => path.endsWith('spec.ts'));
  const saying = (pattern) => specs.filter((path) => pattern.test(readFileSync(inProject(path), 'utf8')));
  const related = [
    ...changed.filter((path) => MODULE.test(path) && existsSync(inProject(path))),
    ...(changed.some((path) => SHIPPED.test(path)) ? saying(STARTS_PROCESS) : []),
    ...(changed.some((path) => /\.(md|json)$/.test(path)) ? saying(READS_PAGES) : []),
  ];
  return ['--passWithNoTests', '--findRelatedTests', ...(related.length > 0 ? new Set(related) : ['none'])];
}

function forkPoint() {
  for (const name of BASES) {
    try {
      return git('merge-base', 'HEAD', name).trim();
    } catch {
      // There is no branch of that name here.
    }
  }
  return fail('npm test -- --changed needs git, and a commit to compare with: --changed=COMMIT');
}

/** Committed since, changed in the folder, and new. */
function changedSince(base) {
  try {
    const tracked = git('diff', '--name-only', base);
    const fresh = git('ls-files', '--others', '--exclude-standard');
    return [...new Set(`${tracked}${fresh}`.split('\n').filter((path) => path !== ''))].sort();
  } catch {
    return fail(`git knows no commit "${base}"`);
  }
}

function git(...args) {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
