import { createHash, generateKeyPairSync } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { LedgerSeed, seedProgramme } from '../../../test/builders/ledger-seed.js';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { MovingClock } from '../../../test/harness/moving-clock.js';
import { idToUuid, type ProgrammeId } from '../../kernel/ids.js';
import { createDataSource } from '../../platform/database/data-source.js';
import { HELD_BARRIER } from '../../platform/database/write-barrier.store.js';
import { UuidV7Source } from '../../platform/ids/uuid-v7-source.js';
import { isSignedBy, signerOf } from '../../platform/signing/ed25519.js';
import { anchorStatement } from '../domain/anchor.js';
import { VerifyService } from '../verify/verify.service.js';
import { AnchorMaker } from './anchor-maker.js';
import { AnchorStore } from './anchor.store.js';

const ids = new UuidV7Source({ now: () => Date.parse('2026-02-01T00:00:00Z') });
const { privateKey, publicKey } = generateKeyPairSync('ed25519');

describe('AnchorMaker', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let store: AnchorStore;
  let programmeId: ProgrammeId;
  const clock = new MovingClock();
  const maker = (patienceMs?: number) =>
    new AnchorMaker(store, clock, { state: 'signing', signer: signerOf(privateKey) }, patienceMs);
  const at = (text: string) => clock.set(`2026-${text}+08:00`);

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.applicationUrl, { poolSize: 3 }).initialize();
    store = new AnchorStore(dataSource);
    programmeId = await seedProgramme(dataSource, ids);
    await dataSource.query(`UPDATE programmes SET created_at = '2026-01-01'`);
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const lot = (points: number, happened: string) => ({ points, at: `2026-${happened}+08:00` });
  const seeded = async (tell: (seed: LedgerSeed) => unknown) => {
    const seed = new LedgerSeed(ids, programmeId);
    tell(seed);
    await seed.save(dataSource);
    return seed;
  };
  /** What docs/ledger.md tells an auditor to ask. */
  const headsByHand = async (cutOff: string) => {
    const rows = await dataSource.query<{ line: string }[]>(
      `SELECT a.account_id || '|' || h.sequence || '|' || encode(h.hash, 'hex') AS line
       FROM accounts a CROSS JOIN LATERAL (SELECT m.sequence, m.hash FROM movements m
         WHERE m.account_id = a.account_id AND m.recorded_at < $2 ORDER BY m.sequence DESC LIMIT 1) h
       WHERE a.programme_id = $1 ORDER BY a.account_id`,
      [idToUuid(programmeId), cutOff],
    );
    return rows.map(({ line }) => `${line}\n`).join('');
  };
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  it('signs the heads of all accounts that had any at the end of the day', async () => {
    await seeded((seed) =>
      seed.redeem(seed.grant(lot(100, '01-05T10:00:00')), 30, '2026-01-05T23:59:58+08:00'),
    );
    await seeded((seed) => seed.grant(lot(5, '01-06T00:00:00')));
    await seeded(() => undefined);
    at('01-06T00:10:00');
    const [anchor] = await maker().makeDue();
    const byHand = await headsByHand('2026-01-05T16:00:00Z');
    expect(anchor).toMatchObject({
      programmeId,
      day: '2026-01-05',
      cutOff: Date.parse('2026-01-05T16:00:00Z'),
      accounts: 1,
      digest: sha256(byHand),
      previousHash: '0'.repeat(64),
    });
    expect(byHand).toMatch(/^[0-9a-f-]{36}\|2\|[0-9a-f]{64}\n$/);
    const [stored] = await store.page(programmeId, null, 10);
    expect(stored).toMatchObject({
      ...anchor,
      hash: sha256(anchorStatement(stored as typeof stored & object)),
    });
    expect(isSignedBy(publicKey, anchorStatement(stored as never), stored?.signed?.signature as Buffer)).toBe(
      true,
    );
  });

  it('makes each day once, and catches up with those that were missed', async () => {
    await seeded((seed) => seed.grant(lot(100, '01-05T10:00:00')));
    at('01-06T00:09:59');
    expect((await maker().makeDue()).map(({ day }) => day)).toEqual(['2026-01-04']);
    expect(await maker().makeDue()).toEqual([]);
    at('01-09T12:00:00');
    const made = await maker().makeDue();
    expect(made.map(({ day, accounts }) => [day, accounts])).toEqual([
      ['2026-01-05', 1],
      ['2026-01-06', 1],
      ['2026-01-07', 1],
      ['2026-01-08', 1],
    ]);
    expect(await new VerifyService(dataSource).run()).toMatchObject({
      anchors: 5,
      unsignedAnchors: 0,
      clean: true,
    });
    at('01-10T12:00:00');
    expect(await maker().makeDue(AbortSignal.abort())).toEqual([]);
  });

  it('takes an account’s last movement by number, where clocks differ', async () => {
    const cutOff = Date.parse('2026-01-05T16:00:00Z');
    await seeded((seed) => {
      const bought = seed.grant(lot(100, '01-05T23:00:00'));
      const uses = (recordedAt: number) =>
        seed.happen(
          'points.held',
          { redemptionId: ids.next('rdm'), lots: [{ lotId: bought, points: 1 }] },
          '2026-01-05T23:30:00+08:00',
          recordedAt,
        );
      uses(cutOff + 1500);
      uses(cutOff - 500);
      uses(cutOff + 2000);
    });
    at('01-06T12:00:00');
    const [anchor] = await maker().makeDue();
    const byHand = await headsByHand('2026-01-05T16:00:00Z');
    expect(byHand).toContain('|3|');
    expect(anchor?.digest).toBe(sha256(byHand));
    const { differences } = await new VerifyService(dataSource).run();
    expect(differences.filter(({ check }) => check.startsWith('anchor'))).toEqual([]);
  });

  it('finds a movement that says it was recorded before an anchor and was not there', async () => {
    await seeded((seed) => seed.grant(lot(100, '01-05T10:00:00')));
    at('01-06T12:00:00');
    await maker().makeDue();
    await seeded((seed) => seed.grant(lot(7, '01-05T11:00:00')));
    expect(await new VerifyService(dataSource).run()).toMatchObject({
      differences: [
        { check: 'anchor.accounts', programmeId, day: '2026-01-05', expected: '2', actual: '1' },
        { check: 'anchor.digest', programmeId, day: '2026-01-05' },
      ],
    });
  });

  it('lets nothing of the programme be recorded before it from then on', async () => {
    await seeded((seed) => seed.grant(lot(100, '01-05T10:00:00')));
    at('01-06T12:00:00');
    await maker().makeDue();
    const until = () =>
      dataSource.query<{ until: Date }[]>('SELECT p.anchored_until AS until FROM programmes p');
    expect(await until()).toEqual([{ until: new Date('2026-01-05T16:00:00Z') }]);
    // A clock that is behind makes none, and takes nothing back.
    at('01-05T12:00:00');
    await maker().makeDue();
    await store.endRecording([{ programmeId, before: Date.parse('2026-01-01T00:00:00Z') }], 1000);
    expect(await until()).toEqual([{ until: new Date('2026-01-05T16:00:00Z') }]);
  });

  it('makes none while a transaction that began before is writing', async () => {
    const writing = dataSource.createQueryRunner();
    await writing.startTransaction();
    // As the write statement does.
    await writing.query(HELD_BARRIER);
    at('01-06T12:00:00');
    await expect(maker(10).makeDue()).rejects.toThrow('is not over after');
    expect(await store.page(programmeId, null, 1)).toEqual([]);
    // Nothing is recorded before its cut-off any more, and that is as it should be.
    expect(await new VerifyService(dataSource).run()).toMatchObject({ differences: [], clean: true });
    const patient = maker(20_000).makeDue();
    await writing.commitTransaction();
    await writing.release();
    expect(await patient).toHaveLength(1);
  });

  it.each(['null', `anchored_until - interval '1 day'`, `anchored_until + interval '1 hour'`])(
    'is missed where the programme says that recording ended at %s',
    async (changed) => {
      at('01-06T12:00:00');
      await maker().makeDue();
      await dataSource.query(`UPDATE programmes SET anchored_until = ${changed}`);
      const { differences } = await new VerifyService(dataSource).run();
      expect(differences).toMatchObject([{ check: 'programme.anchoredUntil', programmeId }]);
    },
  );

  it('cannot be rewritten by the engine’s own role', async () => {
    at('01-06T12:00:00');
    await maker().makeDue();
    await expect(dataSource.query('UPDATE anchors SET accounts = 0')).rejects.toThrow('permission denied');
    await expect(dataSource.query('DELETE FROM anchors')).rejects.toThrow('permission denied');
    await expect(dataSource.query('DELETE FROM anchor_keys')).rejects.toThrow('permission denied');
  });
});
