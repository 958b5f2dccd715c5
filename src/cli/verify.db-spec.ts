import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { DataSource } from 'typeorm';
import { LedgerSeed, seedProgramme } from '../../test/builders/ledger-seed.js';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { createDataSource } from '../platform/database/data-source.js';
import { UuidV7Source } from '../platform/ids/uuid-v7-source.js';
import { anchor } from './anchor.js';
import { verify } from './verify.js';

const ids = new UuidV7Source({ now: () => Date.now() });

describe('laurel verify and laurel anchor', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let folder: string;

  beforeEach(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'laurel-cli-'));
    dataSource = await createDataSource(database.applicationUrl, { poolSize: 2 }).initialize();
    const programmeId = await seedProgramme(dataSource, ids);
    await dataSource.query(`UPDATE programmes SET created_at = '2020-01-01'`);
    const seed = new LedgerSeed(ids, programmeId);
    seed.redeem(seed.grant({ points: 100, at: '2026-01-05T10:00:00Z' }), 30, '2026-01-06T10:00:00Z');
    await seed.save(dataSource);
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
    await rm(folder, { recursive: true });
  });

  async function run(command: typeof verify | typeof anchor, args: string[], env: NodeJS.ProcessEnv = {}) {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const all = { DATABASE_URL: database.applicationUrl, LAUREL_DATA_DIR: folder, ...env };
    const code = await command(args, all, { stdout, stderr });
    return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
  }
  const runs = () => dataSource.query(`SELECT state, lease, error FROM verify_runs ORDER BY started_at`);

  it('says clean, or what is not, and records that it was through', async () => {
    expect(await run(verify, [])).toEqual({
      code: 0,
      out: 'Clean: 1 accounts, 1 lots, 2 movements, 0 receipts, 0 members, 0 anchors; every balance, lot, liability and hash follows from the movements.\n',
      err: '',
    });
    await dataSource.query('UPDATE accounts SET available = 71');
    const { code, out } = await run(verify, ['--json']);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      accounts: 1,
      differenceCount: 1,
      differences: [{ expected: '70' }],
    });
    expect(await runs()).toEqual([
      { state: 'finished', lease: 1, error: null },
      { state: 'finished', lease: 1, error: null },
    ]);
    await expect(run(verify, ['--resume'])).rejects.toThrow('There is no run that could be resumed.');
  });

  it('goes on after the last page when it was cut off', async () => {
    await database.asOwner(`ALTER TABLE qualifying_days RENAME TO elsewhere`);
    await expect(run(verify, [])).rejects.toThrow('qualifying_days');
    await database.asOwner(`ALTER TABLE elsewhere RENAME TO qualifying_days`);
    expect(await runs()).toMatchObject([
      { state: 'interrupted', error: expect.stringContaining('qualifying_days') },
    ]);
    // The page with the accounts is done: what is changed there now is not seen again.
    await dataSource.query('UPDATE accounts SET available = 71');
    expect(await run(verify, ['--resume'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Clean: 1 accounts/),
    });
    expect(await runs()).toEqual([{ state: 'finished', lease: 2, error: null }]);
  });

  it('leaves a run to the process that carries it out', async () => {
    await run(verify, []);
    await dataSource.query(`UPDATE verify_runs SET state = 'running'`);
    await expect(run(verify, ['--resume'])).rejects.toThrow('gave its last sign of life a moment ago');
    await dataSource.query(`UPDATE verify_runs SET updated_at = updated_at - interval '61 seconds'`);
    expect((await run(verify, ['--resume'])).code).toBe(0);
  });

  it('runs on a server that takes no writes, without a record', async () => {
    const url = new URL(database.ownerUrl);
    await database.asOwner(`ALTER DATABASE ${url.pathname.slice(1)} SET default_transaction_read_only = on`);
    const { code, err } = await run(verify, []);
    expect([code, err]).toEqual([0, expect.stringContaining('takes no writes')]);
  });

  it('makes the anchors that are due, and demands the key that is kept elsewhere', async () => {
    const made = await run(anchor, []);
    expect(made).toMatchObject({
      code: 0,
      out: expect.stringMatching(/: 1 accounts, digest [0-9a-f]{64}\nKey /),
    });
    expect((await run(anchor, [])).out).toMatch(/^No day is due.\nKey /);
    const kept = join(folder, 'kept.pem');
    await writeFile(kept, made.out.slice(made.out.indexOf('-----BEGIN')));
    expect((await run(verify, ['--anchor-key', kept])).out).toContain('1 anchors;');
    const other = join(folder, 'other.pem');
    const { publicKey } = generateKeyPairSync('ed25519');
    await writeFile(other, publicKey.export({ type: 'spki', format: 'pem' }));
    const doubted = await run(verify, ['--anchor-key', other, '--json']);
    expect(doubted.code).toBe(2);
    expect(JSON.parse(doubted.out).differences).toMatchObject([{ check: 'anchor.signature' }]);
    expect((await run(verify, ['--anchor-key', other, '--anchor-key', kept])).code).toBe(0);
    await expect(run(verify, ['--anchor-key', join(folder, 'none')])).rejects.toThrow(
      'not an Ed25519 public key',
    );
  });

  it('takes an unsigned anchor for a fault only where a key is demanded', async () => {
    await run(anchor, []);
    await database.asOwner('UPDATE anchors SET key_id = NULL, signature = NULL');
    expect(await run(verify, [])).toMatchObject({
      code: 0,
      out: expect.stringContaining('(1 of them unsigned)'),
    });
    const { publicKey } = generateKeyPairSync('ed25519');
    const kept = join(folder, 'kept.pem');
    await writeFile(kept, publicKey.export({ type: 'spki', format: 'pem' }));
    expect((await run(verify, ['--anchor-key', kept])).code).toBe(2);
  });

  it('explains itself', async () => {
    expect((await run(verify, ['--help'])).out).toContain('--resume');
    expect((await run(anchor, ['--help'])).out).toContain('Usage: npm run laurel -- anchor');
  });
});
