import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's folder, wherever the command was started from. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

export function inProject(...parts) {
  return join(ROOT, ...parts);
}

/** Ends the command with a message meant for a person: an expected failure needs no stack. */
export function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Was this file the one named on the command line, rather than imported by another? */
export function isMain(moduleUrl) {
  return process.argv[1] !== undefined && fileURLToPath(moduleUrl) === join(process.argv[1]);
}
