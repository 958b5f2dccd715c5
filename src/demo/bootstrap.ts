import type { INestApplication } from '@nestjs/common';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiKeyStore } from '../keys/index.js';
import { SCOPES } from '../platform/http/caller.js';
import type { Configuration } from '../platform/config/configuration.js';
import { ProgrammeStore } from '../programmes/index.js';
import { seedDemo, type DemoKeys } from './demo.js';

const DEMO_KEYS_FILE = 'demo-keys.json';
const ADMIN_KEY_FILE = 'admin-key';
const SECRET_MODE = 0o600;

export interface Bootstrapped {
  /** Keys of the demo programme, when this installation has one. */
  readonly demoKeys: DemoKeys | null;
  /** Where the first key lies, when it was generated just now. */
  readonly adminKeyFile: string | null;
}

/**
 * Makes a first programme in an empty database: the demo, or a bare one. `LAUREL_BOOTSTRAP_KEY` becomes a key
 * with every scope on it; without one and without the demo a key is generated and written to a file, because
 * nobody could do anything else.
 */
export async function bootstrap(
  app: INestApplication,
  configuration: Configuration,
  embedded: boolean,
): Promise<Bootstrapped> {
  const programmes = await app.get(ProgrammeStore).all();
  const { dataDir, bootstrapKey } = configuration;
  if (programmes.length > 0) return { demoKeys: await readDemoKeys(dataDir), adminKeyFile: null };
  const demo = configuration.demo ?? embedded;
  await mkdir(dataDir, { recursive: true });
  let demoKeys: DemoKeys | null = null;
  let programmeId;
  if (demo) {
    const seeded = await seedDemo(app);
    programmeId = seeded.programmeId;
    demoKeys = seeded.keys;
    await writeFile(join(dataDir, DEMO_KEYS_FILE), JSON.stringify(demoKeys, null, 2), { mode: SECRET_MODE });
  } else {
    const bare = { name: 'Main programme', currency: 'TWD', timeZone: 'Asia/Taipei' };
    ({ programmeId } = await app.get(ProgrammeStore).create(bare));
  }
  if (demo && bootstrapKey === undefined) return { demoKeys, adminKeyFile: null };
  const wanted = { programmeId, name: 'bootstrap', scopes: SCOPES };
  const { key } = await app
    .get(ApiKeyStore)
    .create(bootstrapKey === undefined ? wanted : { ...wanted, key: bootstrapKey }, 'bootstrap');
  if (bootstrapKey !== undefined) return { demoKeys, adminKeyFile: null };
  const adminKeyFile = join(dataDir, ADMIN_KEY_FILE);
  await writeFile(adminKeyFile, `${key}\n`, { mode: SECRET_MODE });
  return { demoKeys, adminKeyFile };
}

async function readDemoKeys(dataDir: string): Promise<DemoKeys | null> {
  const text = await readFile(join(dataDir, DEMO_KEYS_FILE), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as DemoKeys);
}
