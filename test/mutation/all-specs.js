import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';

/**
 * All specs of the folder `SPECS_IN` as one test file, which loads the modules once for each mutant instead of
 * once for each spec. The quick ones go first, and once a test has failed the mutant is found: the others pass
 * without being run.
 */
const folder = join(import.meta.dirname, '../..', globalThis.SPECS_IN);
const isProperty = (name) => name.endsWith('.prop-spec.ts');

// The same random histories in every run, for luck must not decide whether a mutant is found, and no search for
// a smaller counter-example, which nobody would read.
fc.configureGlobal({ seed: 15, endOnFailure: true });
globalThis.it = untilOneFails(globalThis.it);

const specs = readdirSync(folder, { recursive: true }).filter((name) => /\.(prop-)?spec\.ts$/.test(name));
specs.sort((a, b) => Number(isProperty(a)) - Number(isProperty(b)) || (a < b ? -1 : 1));
for (const name of specs) await import(join(folder, name));

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
