import { appendFileSync } from 'node:fs';
import { createEngine } from '../../src/engine.js';
import { Relay } from '../../src/platform/bus/relay.js';

/** What `spawnEngine` starts: an engine that, if told to, notes the events it delivers in a file. */
const shards = Number(process.env['TEST_SHARDS'] ?? 1);
const engine = await createEngine({
  databaseUrl: process.env['DATABASE_URL'] as string,
  host: '127.0.0.1',
  port: 0,
  logLevel: 'error',
  shards,
  shardThreads: process.env['TEST_SHARD_THREADS'] === 'true',
  queueLimit: Number(process.env['TEST_QUEUE_LIMIT'] ?? 4096),
  poolSize: 2 * shards + 4,
});
const file = process.env['TEST_EVENTS_FILE'];
if (file) {
  engine.app.get(Relay).listen({
    name: 'test',
    handle: (event) => {
      appendFileSync(file, `${event.id} ${event.type}\n`);
      return Promise.resolve();
    },
  });
}
process.on('SIGTERM', () => void engine.close().then(() => process.exit(0)));
process.stdout.write(`READY ${await engine.listen()}\n`);
