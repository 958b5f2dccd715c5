import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootstrap } from '../../src/demo/bootstrap.js';
import { createEngine } from '../../src/engine.js';
import { parseConfiguration } from '../../src/platform/config/configuration.js';
import { createTestDatabase } from '../harness/database.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What the pages' commands need of the project's folder. */
const OF_THE_PROJECT = ['package.json', 'scripts', 'node_modules', 'docs'];

/** What a reader has in front of them after the first `npm start`. */
export interface DemoShop {
  /** Stands for the project's folder: the keys are in its `.laurel`, and the npm commands work. */
  readonly folder: string;
  readonly url: string;
  readonly databaseUrl: string;
  close(): Promise<void>;
}

/** A fresh demo on a database of its own. */
export async function openDemoShop(): Promise<DemoShop> {
  const folder = await mkdtemp(join(tmpdir(), 'laurel-docs-'));
  for (const name of OF_THE_PROJECT) await symlink(join(ROOT, name), join(folder, name));
  const environment = { PORT: '0', LAUREL_LOG_LEVEL: 'silent', LAUREL_DATA_DIR: join(folder, '.laurel') };
  const configuration = parseConfiguration(environment, folder);
  const database = await createTestDatabase();
  const engine = await createEngine({
    ...configuration,
    shardThreads: false,
    databaseUrl: database.applicationUrl,
    // The relay makes events readable at once, as it does for a reader.
    background: true,
    docs: false,
  });
  const url = await engine.listen();
  await bootstrap(engine.app, configuration, true);
  return {
    folder,
    url,
    databaseUrl: database.applicationUrl,
    close: async () => {
      await engine.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
