import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
ensureBuilt();
// The command's own arguments are process.argv from the third on, as they would be without this script.
await import('../dist/src/cli/main.js');
