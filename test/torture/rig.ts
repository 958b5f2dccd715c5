import { Agent } from 'node:http';
import pg from 'pg';
import { createEngine } from '../../src/engine.js';
import { ApiKeyStore } from '../../src/keys/index.js';
import { SCOPES } from '../../src/platform/http/caller.js';
import { ProgrammeStore } from '../../src/programmes/index.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { ApiClient } from '../harness/api-client.js';
import type { Violations } from './book.js';
import { Holdings } from './check-effects.js';
import type { Clan, ClanMember, World } from './command.js';
import { CuttingProxy } from './cutting-proxy.js';
import { EngineSlot } from './engine-slot.js';
import { KillablePostgres } from './killable-postgres.js';
import { ORDERED, STOCK } from './operations.js';
import { WITNESS_TABLES } from './witness.js';

const MEMBERS = 24;
const CLANS = 3;
const START_POINTS = 1_000;
const STOCK_SIZE = 1_000_000_000;

/** Everything a run needs, put together: a server, the proxy before it, and the engines behind that. */
export class Rig {
  readonly agent = new Agent({ keepAlive: true });
  private constructor(
    readonly postgres: KillablePostgres,
    readonly proxy: CuttingProxy,
    readonly slots: readonly EngineSlot[],
    readonly key: string,
    readonly world: World,
    /** The points that each member should have by now. */
    readonly holdings: Holdings,
  ) {}

  /** @param processes how many engines */
  static async start(processes: number, violations: Violations): Promise<Rig> {
    const postgres = await KillablePostgres.start();
    let proxy: CuttingProxy | null = null;
    let slots: EngineSlot[] = [];
    try {
      const { key, world, holdings } = await prepare(postgres);
      proxy = await CuttingProxy.start(postgres.port);
      const databaseUrl = proxy.urlOf(postgres.applicationUrl);
      const witnessUrl = proxy.urlOf(postgres.ownerUrl);
      const onFailure = (detail: string) => violations.add(detail);
      slots = Array.from({ length: processes }, (_, index) => {
        // Shards of one process race with each other as processes do.
        const shards = 1 + (index % 2);
        return new EngineSlot(`engine ${index + 1}`, {
          databaseUrl,
          witnessUrl,
          shards,
          unsteadyClock: shards === 1,
          onFailure,
        });
      });
      await Promise.all(slots.map((slot) => slot.start()));
      return new Rig(postgres, proxy, slots, key, world, holdings);
    } catch (error) {
      await Promise.all(slots.map((slot) => slot.kill()));
      await proxy?.close();
      await postgres.remove();
      throw error;
    }
  }

  /** Ends everything and leaves nothing behind. */
  async remove(): Promise<void> {
    this.agent.destroy();
    await Promise.all(this.slots.map((slot) => slot.kill()));
    await this.proxy.close().finally(() => this.postgres.remove());
  }
}

/** A programme with members who have points, made by an engine that runs undisturbed. */
async function prepare({
  applicationUrl,
  ownerUrl,
}: KillablePostgres): Promise<{ key: string; world: World; holdings: Holdings }> {
  const settings = { host: '127.0.0.1', port: 0, logLevel: 'error', shards: 1, queueLimit: 4096 } as const;
  const engine = await createEngine({
    ...settings,
    databaseUrl: applicationUrl,
    migrationUrl: ownerUrl,
    poolSize: 6,
    background: false,
    docs: false,
  });
  try {
    await makeWitnessTables(ownerUrl);
    const url = await engine.listen();
    const { programmeId } = await engine.app
      .get(ProgrammeStore)
      .create({ name: 'Torture', currency: 'TWD', timeZone: 'Asia/Taipei' });
    const keys = engine.app.get(ApiKeyStore);
    const { key } = await keys.create({ programmeId, name: 'torture', scopes: SCOPES }, 'torture');
    const api = new ApiClient(url, key);
    const programme = new ProgrammeBuilder(api);
    // Whenever this runs, nothing of it has expired.
    await programme.policy({
      expiry: { type: 'never' },
      transfers: { expiry: 'keep', minimumPoints: 1 },
    });
    await programme.accounting();
    await programme.rule('base', { lines: { excludeCategories: [ORDERED] } });
    await programme.rule('order', {
      lines: { includeCategories: [ORDERED] },
      pending: { type: 'event', event: 'delivered', thenDays: 0, cancelAfterDays: 30 },
    });
    await programme.tiers();
    const clans: Clan[] = [];
    for (let index = 0; index < CLANS; index += 1) {
      const [head, other, duplicate] = await Promise.all(
        ['head', 'other', 'duplicate'].map((role) => enrol(api, `C-${index}~${role}`)),
      );
      clans.push({ head, other, duplicate } as Clan);
    }
    const inClans = clans.flatMap(({ head, other, duplicate }) => [head, other, duplicate]);
    const alone = Array.from({ length: MEMBERS }, (_, index) => `T-${index}`);
    for (const externalId of alone) await enrol(api, externalId);
    const world: World = {
      members: [...alone, ...inClans.map(({ externalId }) => externalId)],
      clans,
      reward: 'bag',
    };
    await programme.reward(world.reward, { points: 5, stocked: true }, STOCK_SIZE);
    const holdings = new Holdings();
    holdings.add([{ holder: STOCK, available: STOCK_SIZE }]);
    for (const holder of world.members)
      await grant(api, holdings, holder, [line({ amountMinor: START_POINTS * 1000 })]);
    return { key, world, holdings };
  } finally {
    await engine.close();
  }
}

async function makeWitnessTables(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(WITNESS_TABLES).finally(() => client.end());
}

async function enrol(api: ApiClient, externalId: string): Promise<ClanMember> {
  const { status, body, text } = await api.post('/v1/members', { externalId });
  if (status !== 201) throw new Error(`${externalId} cannot be enrolled: ${text}`);
  return { externalId, id: body.id as string };
}

async function grant(api: ApiClient, holdings: Holdings, externalId: string, lines: object[]): Promise<void> {
  const body = receipt({ member: { externalId }, occurredAt: '2026-01-15T10:00:00+08:00', lines });
  const answer = await api.post('/v1/purchases', body);
  if (answer.status !== 201) throw new Error(`${externalId} cannot be given points: ${answer.text}`);
  holdings.add([{ holder: externalId, available: answer.body.pointsGranted as number }]);
}
