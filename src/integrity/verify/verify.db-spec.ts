import type { DataSource } from 'typeorm';
import { LedgerSeed, seedProgramme } from '../../../test/builders/ledger-seed.js';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import type { LotId, ProgrammeId } from '../../kernel/ids.js';
import { idToUuid } from '../../kernel/ids.js';
import { createDataSource } from '../../platform/database/data-source.js';
import { UuidV7Source } from '../../platform/ids/uuid-v7-source.js';
import { MAX_DIFFERENCES } from './difference.js';
import { VerifyService } from './verify.service.js';

const ids = new UuidV7Source({ now: () => Date.parse('2026-02-01T00:00:00Z') });

describe('VerifyService', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let verify: VerifyService;
  let programmeId: ProgrammeId;
  let seed: LedgerSeed;
  let bought: LotId;

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.applicationUrl, { poolSize: 2 }).initialize();
    verify = new VerifyService(dataSource);
    programmeId = await seedProgramme(dataSource, ids);
    seed = await story();
    await story();
    await new LedgerSeed(ids, programmeId).save(dataSource);
  });

  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  /** Movements: 1 E01, 2 E02, 3 E06, 4 and 5 holds, 6 E06 of the second hold, 7 E15. */
  async function story(): Promise<LedgerSeed> {
    const account = new LedgerSeed(ids, programmeId);
    bought = account.grant({ points: 100, allocated: 82_568_807n, at: '2026-01-05T10:00:00.123+08:00' });
    const given = account.grant({
      points: 50,
      at: '2026-01-06T10:00:00+08:00',
      expiresAt: '2026-02-01T00:00:00+08:00',
    });
    account.redeem(bought, 30, '2026-01-10T10:00:00+08:00').hold(bought, 15, '2026-01-11T10:00:00+08:00');
    account
      .hold(bought, 5, '2026-01-11T11:00:00+08:00')
      .redeem(bought, 5, '2026-01-12T10:00:00+08:00', 'held')
      .expire(given, 50, '2026-02-01T00:00:00+08:00');
    await account.save(dataSource);
    return account;
  }

  const tamper = (sql: string) => database.asOwner(sql, [idToUuid(seed.accountId)]);
  const checksOf = async () => (await verify.run({ programmeId })).differences.map(({ check }) => check);

  it('finds nothing in what the ledger wrote, in any size of page', async () => {
    const progress: string[] = [];
    const report = await verify.run({
      programmeId,
      accountsPerPage: 2,
      onPage: ({ phase, counts, ofAccounts }) =>
        void progress.push(`${phase} ${counts.accounts} of ${ofAccounts}`),
    });
    expect(report).toEqual({
      programmeId,
      accounts: 3,
      lots: 4,
      movements: 14,
      receipts: 0,
      members: 0,
      anchors: 0,
      unsignedAnchors: 0,
      differences: [],
      differenceCount: 0,
      clean: true,
    });
    // Programmes and tables are a page each.
    expect([...new Set(progress)]).toEqual([
      'accounts 2 of 3',
      'receipts 3 of 3',
      'members 3 of 3',
      'claims 3 of 3',
      'programmes 3 of 3',
      'belonging 3 of 3',
      'events 3 of 3',
      'anchors 3 of 3',
      'null 3 of 3',
    ]);
    expect((await verify.run()).clean).toBe(true);
  });

  it('looks at the caller’s programme alone', async () => {
    await tamper('UPDATE accounts SET available = available + 1 WHERE account_id = $1');
    const other = await seedProgramme(dataSource, ids);
    expect(await verify.run({ programmeId: other })).toMatchObject({ accounts: 0, clean: true });
    expect(await verify.run()).toMatchObject({ programmeId: null, accounts: 3, clean: false });
  });

  it.each([
    ['points', 'points = points + 1', 3],
    ['liability', 'liability = liability - 1', 3],
    ['event_code', `event_code = 'E15'`, 3],
    ['event_code, none for an empty text', `event_code = ''`, 4],
    ['from_bucket', `from_bucket = 'held'`, 3],
    ['to_bucket', `to_bucket = 'expired'`, 3],
    ['lot_id', `lot_id = gen_random_uuid()`, 3],
    ['member_id', `member_id = gen_random_uuid()`, 3],
    ['cause_type', `cause_type = 'purchase'`, 3],
    ['cause_type, unknown', `cause_type = 'Redemption'`, 3],
    ['cause_id', `cause_id = gen_random_uuid()`, 3],
    ['occurred_at', `occurred_at = occurred_at + interval '1 millisecond'`, 3],
    ['occurred_at, by less than the hash sees', `occurred_at = occurred_at + interval '1 microsecond'`, 3],
    ['recorded_at, by less than the hash sees', `recorded_at = recorded_at + interval '1 microsecond'`, 3],
    ['posting_date', `posting_date = posting_date - 1`, 3],
    ['hash', `hash = set_byte(hash, 31, get_byte(hash, 31) # 1)`, 3],
  ])('finds a changed %s of a movement, and names it', async (_, change, sequence) => {
    await tamper(`UPDATE movements SET ${change} WHERE account_id = $1 AND sequence = ${sequence}`);
    const report = await verify.run({ programmeId });
    expect(report.clean).toBe(false);
    expect(report.differences).toContainEqual(
      expect.objectContaining({ accountId: seed.accountId, sequence }),
    );
  });

  it('finds a movement that is gone', async () => {
    await tamper('DELETE FROM movements WHERE account_id = $1 AND sequence = 4');
    expect(await checksOf()).toEqual(
      expect.arrayContaining(['movement.sequence', 'movement.hash', 'account.available', 'lot.available']),
    );
  });

  it('finds the last movement gone, where no chain goes on', async () => {
    await tamper('DELETE FROM movements WHERE account_id = $1 AND sequence = 7');
    expect(await checksOf()).toEqual(
      expect.arrayContaining(['account.movementSequence', 'account.headHash', 'lot.expired']),
    );
  });

  it.each([
    ['available = available + 1', 'account.available'],
    ['held = held + 1', 'account.held'],
    ['pending = pending + 1', 'account.pending'],
    ['lifetime_earned = lifetime_earned + 1', 'account.lifetimeEarned'],
    ['lifetime_redeemed = lifetime_redeemed + 1', 'account.lifetimeRedeemed'],
    ['movement_seq = movement_seq + 1', 'account.movementSequence'],
    [`head_hash = decode(repeat('00', 32), 'hex')`, 'account.headHash'],
    ['event_seq = event_seq + 1', 'account.eventSequence'],
    ['debt_at = now()', 'account.debtAt'],
    ['debt_posted_on = now()', 'account.debtPostedOn'],
    [`last_recorded_at = last_recorded_at - interval '1 millisecond'`, 'account.lastRecordedAt'],
    ['last_recorded_at = NULL', 'account.lastRecordedAt'],
  ])('finds an account whose row says otherwise: %s', async (change, check) => {
    await tamper(`UPDATE accounts SET ${change} WHERE account_id = $1`);
    expect(await checksOf()).toContain(check);
  });

  it.each([
    ['points = points + 1, available = available + 1', 'lot.points'],
    ['allocated = allocated + 1', 'lot.allocated'],
    ['available = available - 1, held = held + 1', 'lot.available'],
    ['available = available - 1, held = held + 1', 'lot.held'],
    ['available = available - 1, redeemed = redeemed + 1', 'lot.redeemed'],
    ['available = available - 1, expired = expired + 1', 'lot.expired'],
    ['available = available - 1, expired = expired + 1', 'lot.carryingAmount'],
    [`origin = 'non_purchase'`, 'lot.origin'],
    ['allocated = 0', 'lot.withoutMoney'],
    ['member_id = gen_random_uuid()', 'lot.member'],
    ['purchase_id = gen_random_uuid()', 'lot.purchase'],
    [`earned_at = earned_at + interval '1 microsecond'`, 'lot.earnedAt'],
    [`moved_at = moved_at + interval '1 microsecond'`, 'lot.movedAt'],
    ['moved_on = moved_on - 1', 'lot.movedOn'],
  ])('finds a lot whose row says otherwise: %s is %s', async (change, check) => {
    await tamper(`UPDATE lots SET ${change} WHERE account_id = $1 AND origin = 'purchase'`);
    expect(await checksOf()).toContain(check);
  });

  it('finds a lot that is gone and one that was never issued', async () => {
    await database.asOwner('UPDATE lots SET lot_id = gen_random_uuid() WHERE lot_id = $1', [
      idToUuid(bought),
    ]);
    expect(await checksOf()).toEqual(expect.arrayContaining(['lot.exists', 'lot.issued']));
  });

  it('finds a hold without its redemption, and a gap in the events', async () => {
    await tamper(`DELETE FROM redemptions WHERE account_id = $1 AND status = 'authorised'`);
    expect(await verify.run({ programmeId })).toMatchObject({
      differences: [
        { accountId: seed.accountId, check: 'account.holds', expected: '15', actual: '0' },
        {
          accountId: seed.accountId,
          check: 'redemption.exists',
          redemptionId: expect.stringMatching(/^rdm_/),
        },
      ],
    });
    await tamper(
      `INSERT INTO events SELECT $1, s, gen_random_uuid(), gen_random_uuid(), NULL, 'x', 1, now(), now(), '{}'
       FROM unnest(ARRAY[1, 3]) s`,
    );
    await tamper('UPDATE accounts SET event_seq = 3 WHERE account_id = $1');
    expect((await verify.run({ programmeId })).differences).toContainEqual(
      expect.objectContaining({ check: 'account.eventSequence', expected: '3', actual: '2' }),
    );
  });

  it.each([
    ['no event of these', `INSERT INTO unpublished_events VALUES ($1, 3, 1)`, 'event 1', 'event 3'],
    ['one without a position', `INSERT INTO event_positions VALUES ($1, 1, 1, 1)`, '2', '1'],
    [
      'one with two positions',
      `INSERT INTO event_positions VALUES ($1, 1, 2, 2), ($1, 2, 1, 3)`,
      'event 3',
      'event 2',
    ],
    [
      'a later one in front',
      `INSERT INTO event_positions VALUES ($1, 1, 1, 2), ($1, 2, 1, 1)`,
      'event 2 after position 2',
      'position 1',
    ],
  ])('finds in the event log %s', async (_, change, expected, actual) => {
    await tamper('UPDATE accounts SET event_seq = 2 WHERE account_id = $1');
    await tamper(change);
    expect((await verify.run({ programmeId })).differences).toContainEqual({
      accountId: seed.accountId,
      check: 'account.eventPositions',
      expected,
      actual,
    });
  });

  it.each([
    ['a gap', 'INSERT INTO event_positions VALUES ($1, 1, 1, 1), ($1, 2, 1, 3)', 'log.positions', '2', '3'],
    [
      'a double',
      'INSERT INTO event_positions VALUES ($1, 1, 2, 2), ($1, 3, 1, 2)',
      'log.positions',
      '3',
      '2',
    ],
    ['an end too early', 'INSERT INTO event_positions VALUES ($1, 1, 2, 2)', 'log.end', '2', '0'],
  ])('finds in the order of the event log %s', async (_, change, check, expected, actual) => {
    await tamper(change);
    expect((await verify.run()).differences).toContainEqual({ check, expected, actual });
  });

  it.each([
    ['occurred_at', 'occurredAt', '2020-01-01 00:00:00+00'],
    ['recorded_at', 'recordedAt', '2020-01-01 00:00:00+00'],
    ['posting_date', 'postingDate', '2020-01-01'],
  ])('finds what is negative as of any %s', async (column, clock, from) => {
    await tamper(`UPDATE movements SET ${column} = '${from}' WHERE account_id = $1 AND sequence = 3`);
    const { differences } = await verify.run({ programmeId });
    const found = { accountId: seed.accountId, lotId: expect.any(String), check: `negative.${clock}` };
    expect(differences.filter(({ check }) => check.startsWith('negative.'))).toEqual([
      { ...found, expected: 'available of 0 or more', actual: `-30 from ${from} on` },
      { ...found, expected: 'liability of 0 or more', actual: `-24770642 from ${from} on` },
    ]);
  });

  it('finds a debt that is filled before it was there', async () => {
    const indebted = new LedgerSeed(ids, programmeId);
    const cause = { type: 'transfer', id: ids.next('trf') } as const;
    indebted.happen('debt.incurred', { cause, points: 10 }, '2026-01-05T10:00:00Z');
    const lotId = indebted.grant({ points: 10, at: '2026-01-06T10:00:00Z' });
    indebted.happen('debt.settled', { cause, lots: [{ lotId, points: 10 }] }, '2026-01-06T10:00:00Z');
    await indebted.save(dataSource);
    expect(await checksOf()).toEqual([]);
    await database.asOwner(
      `UPDATE movements SET occurred_at = '2026-01-07T10:00:00Z' WHERE account_id = $1 AND to_bucket = 'debt'`,
      [idToUuid(indebted.accountId)],
    );
    expect(await checksOf()).toEqual(expect.arrayContaining(['negative.occurredAt', 'account.debtAt']));
  });

  it('counts every difference and lists the first thousand', async () => {
    await tamper(
      `INSERT INTO lots SELECT l.account_id, gen_random_uuid(), l.member_id, l.origin, l.purchase_id, l.rule_id,
         l.rule_version, l.lines, l.points, l.allocated, l.valuation, l.earned_at, l.available_at, l.expires_at,
         l.available, l.held, l.redeemed, l.expired
       FROM lots l, generate_series(1, 1100) WHERE l.account_id = $1 AND l.origin = 'purchase'`,
    );
    const report = await verify.run({ programmeId });
    expect(report.differences).toHaveLength(MAX_DIFFERENCES);
    expect(report.differenceCount).toBe(1100);
  });

  it('does not write and does not keep its connection', async () => {
    await Promise.all([
      verify.run({ programmeId }),
      verify.run({ programmeId }),
      verify.run({ programmeId }),
    ]);
    const [{ open }] = await dataSource.query(
      `SELECT count(*)::int AS open FROM pg_stat_activity s WHERE s.datname = current_database() AND s.state LIKE 'idle in%'`,
    );
    expect(open).toBe(0);
  });
});
