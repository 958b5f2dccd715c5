import { join } from 'node:path';
import fc from 'fast-check';

/**
 * All specs in `SPECS` (paths from the project's folder) as one test file, which loads the modules once for each
 * mutant instead of once for each spec. Once a test has failed the mutant is found: the others pass without being
 * run, so the quick ones go first.
 */
const root = join(import.meta.dirname, '../..');

// The same random histories in every run, for luck must not decide whether a mutant is found, and no search for
// a smaller counter-example, which nobody would read.
fc.configureGlobal({ seed: 15, endOnFailure: true });
globalThis.it = untilOneFails(globalThis.it);

for (const path of globalThis.SPECS) await import(join(root, path));

function untilOneFails(it) {
  let hasFailed = false;
  const guarded =
    (test) =>
    async (...args) => {
      if (hasFailed) return;
      try {
        await test(...args);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    };
  const run = (name, test, ...rest) => it(name, guarded(test), ...rest);
  run.each =
    (table) =>
    (name, test, ...rest) =>
      it.each(table)(name, guarded(test), ...rest);
  return run;
}
