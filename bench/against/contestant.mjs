import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * What `Tree` starts, in a tree of this repository as its working folder: that tree's engine on a database of its own,
 * with the parts of that tree's own bench, as a schema and the rows of a stage belong together. So it asks for nothing
 * that the bench did not have from the beginning. Plain JavaScript: each tree has a loader of its own for the rest.
 */
const load = (path) => import(pathToFileURL(join(process.cwd(), 'bench', path)).href);
const { startServer } = await load('stage/server.ts');
const { openStage } = await load('stage/open-stage.ts');
const { LoadGenerator } = await load('load/generator.ts');
const { Ours } = await load('scenes/ours.ts');

const CONNECTIONS = 128;

const server = await startServer();
let generator;
let ours;
try {
  const stage = await openStage(server, { database: 'bench' });
  generator = await LoadGenerator.start();
  ours = await Ours.start(stage, generator);
  await serve(ours, stage.members);
} finally {
  await ours?.engine.stop();
  await generator?.close();
  await server.stop();
}
process.disconnect();

/** Carries one sort of work out after the other until the message to end comes; then the rows are checked. */
async function serve(engine, members) {
  const memberIds = await engine.memberIds();
  const closed = { kind: 'closed', connections: CONNECTIONS };
  const works = {
    receipt: [{ kind: 'purchase', members, pick: 'spread', remember: true }, closed],
    stream: [
      { kind: 'purchase', members, pick: 'spread' },
      { kind: 'stream', connections: 2, inFlight: 512 },
    ],
    return: [{ kind: 'return' }, closed],
    redemption: [{ kind: 'redemption', members }, closed],
    balance: [{ kind: 'read', memberIds }, closed],
  };
  await new Promise((resolve, reject) => {
    process.on('message', ({ work, seconds }) => {
      if (work === 'end') {
        engine.answered.check().then((note) => {
          process.send({ note });
          resolve();
        }, reject);
        return;
      }
      engine.measure(...works[work], seconds).then(
        ({ sample }) => process.send({ sample }),
        (error) => process.send({ error: String(error?.stack ?? error) }),
      );
    });
    process.once('disconnect', () => reject(new Error('the bench ended')));
    process.send({ ready: true });
  });
}
