import { ensureBuilt, isCompiled } from './ensure-built.mjs';
import { ensureInstalled, ensureInstalledToRun } from './ensure-installed.mjs';
import { fail } from './project.mjs';

/**
 * Makes the compiled engine and its packages be there.
 *
 * What is compiled needs no compiler, so no development package is installed for it. In production
 * (NODE_ENV=production) nothing is compiled: that is a step of its own, on this machine or another one.
 */
export function ensureReady() {
  if (isCompiled()) return ensureInstalledToRun();
  if (process.env.NODE_ENV === 'production') {
    fail(
      'Laurel is not compiled, or not from these sources, and NODE_ENV=production compiles nothing at a start.\n' +
        'Run "npm run build" first; "npm prune --omit=dev" then takes away what only compiling needs.',
    );
  }
  ensureInstalled();
  ensureBuilt();
}
