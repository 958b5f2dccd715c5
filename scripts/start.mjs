import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
ensureBuilt();
// In this very process, so that signals reach the engine and its exit code is ours.
await import('../dist/src/main.js');
