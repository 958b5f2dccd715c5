import { ensureReady } from './ensure-ready.mjs';

ensureReady();
// The command's own arguments are process.argv from the third on, as they would be without this script.
await import('../dist/src/cli/main.js');
