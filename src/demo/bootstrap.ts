import type { INestApplication } from '@nestjs/common';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiKeyStore, newKeyText } from '../keys/index.js';
import { SCOPES } from '../platform/http/caller.js';
import type { Configuration } from '../platform/config/configuration.js';
import { ProgrammeStore } from '../programmes/index.js';
import { makeDemoKeys, newDemoKeys, seedDemo, type DemoKeys } from './demo.js';

export const DEMO_KEYS_FILE = 'demo-keys.json';
export const ADMIN_KEY_FILE = 'admin-key';
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
 * no caller could do anything otherwise. Keys come last, after their files; a first start that was cut off before has
 * none, and is made anew.
 */
export async function bootstrap(
  app: INestApplication,
  configuration: Configuration,
  embedded: boolean,
): Promise<Bootstrapped> {
  const { dataDir, bootstrapKey } = configuration;
  const keys = app.get(ApiKeyStore);
  if (await keys.any()) return { demoKeys: await readDemoKeys(dataDir), adminKeyFile: null };
  await mkdir(dataDir, { recursive: true });
  const demo = configuration.demo ?? embedded;
  const bare = { name: 'Main programme', currency: 'TWD', timeZone: 'Asia/Taipei' };
  const programmeId = demo ? await seedDemo(app) : (await app.get(ProgrammeStore).create(bare)).programmeId;
  const first = { programmeId, name: 'bootstrap', scopes: SCOPES };
  const demoKeys = demo ? newDemoKeys() : null;
  if (demoKeys) {
    await writeSecret(join(dataDir, DEMO_KEYS_FILE), JSON.stringify(demoKeys, null, 2));
    await makeDemoKeys(app, programmeId, demoKeys);
  }
  if (bootstrapKey !== undefined) await keys.create({ ...first, key: bootstrapKey }, 'bootstrap');
  if (demoKeys || bootstrapKey !== undefined) return { demoKeys, adminKeyFile: null };
  const adminKeyFile = join(dataDir, ADMIN_KEY_FILE);
  const key = newKeyText();
  await writeSecret(adminKeyFile, `${key}\n`);
  await keys.create({ ...first, key }, 'bootstrap');
  return { demoKeys: null, adminKeyFile };
}

function writeSecret(path: string, text: string): Promise<void> {
  return writeFile(path, text, { mode: SECRET_MODE });
}

async function readDemoKeys(dataDir: string): Promise<DemoKeys | null> {
  const text = await readFile(join(dataDir, DEMO_KEYS_FILE), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as DemoKeys);
}
