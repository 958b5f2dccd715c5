import { ensureReady } from './ensure-ready.mjs';

ensureReady();
// In this very process, so that signals reach the engine and its exit code is ours.
await import('../dist/src/main.js');
