import { jobs } from '../../src/composition.js';
import { createEngine } from '../../src/engine.js';
import { Relay } from '../../src/platform/bus/relay.js';
import type { Job } from '../../src/platform/jobs/job.js';
import { CLOSED, READY } from './engine-words.js';
import { Witness } from './witness.js';

/** What `EngineSlot` starts: an engine that also ends when its parent process is gone. */
const shards = Number(process.env['TORTURE_SHARDS']);
const BEHIND_MS = 15_000;
const UNSTEADY_MS = 3_000;
/**
 * A clock that is right, then fifteen seconds behind, then thirty: never so far that the engine would refuse, however
 * much another one has recorded.
 */
const unsteadyClock = {
  now: () => Date.now() - BEHIND_MS * (Math.floor(Date.now() / UNSTEADY_MS) % 3),
};
const witness = new Witness(process.env['TORTURE_WITNESS_URL'] as string);
(jobs as Job[]).push(witness.job);
const engine = await createEngine({
  databaseUrl: process.env['DATABASE_URL'] as string,
  host: '127.0.0.1',
  port: 0,
  logLevel: 'error',
  shards,
  // Some have them, some have none.
  shardThreads: shards > 1,
  queueLimit: 4096,
  poolSize: 2 * shards + 5,
  docs: false,
  ...(process.env['TORTURE_UNSTEADY_CLOCK'] ? { clock: unsteadyClock } : {}),
});
engine.app.get(Relay).listen(witness.listener);
const end = () =>
  void engine.close().then(async () => {
    await witness.close();
    process.stdout.write(`${CLOSED}\n`);
    process.exit(0);
  });
process.once('SIGTERM', end);
// The parent writes nothing to it: its end is the end of the parent, be it by SIGKILL.
process.stdin.once('end', () => process.exit(1)).resume();
process.stdout.write(`${READY} ${await engine.listen()}\n`);
