import type { ApplyDue } from '../ledger/index.js';
import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import type { DataSource } from 'typeorm';
import { LedgerSeed, seedProgramme, SEED_TIME_ZONE } from '../../test/builders/ledger-seed.js';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { idToUuid, type LotId, type ProgrammeId } from '../kernel/ids.js';
import { createDataSource } from '../platform/database/data-source.js';
import { UuidV7Source } from '../platform/ids/uuid-v7-source.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { FinanceReports } from './finance-reports.service.js';
import { journalCsv, type JournalRecord } from './journal-export.js';
import { JournalQuery } from './journal.query.js';
import { LiabilityQuery } from './liability.query.js';
import { lotsCsv } from './lot-export.js';
import { LotListingQuery } from './lot-listing.query.js';
import { RollForwardQuery } from './roll-forward.query.js';
import { TieOutQuery } from './tie-out.query.js';

const NOW = Date.parse('2026-04-01T00:00:00+08:00');
const ids = new UuidV7Source({ now: () => NOW });
const POLICY = {
  entity: 'Laurel Ltd',
  method: 'relative_ssp',
  valuePerPoint: '1',
  redemptionProbability: '0.9',
  valueIncludesTax: false,
  taxRate: '0',
  accounts: { CL_POINTS: '2131' },
};

describe('finance reports', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let reports: FinanceReports;
  let lots: LotListingQuery;
  let programmeId: ProgrammeId;
  let seed: LedgerSeed;
  let bought: LotId;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.applicationUrl, { poolSize: 2 }).initialize();
    programmeId = await seedProgramme(dataSource, ids);
    reports = reportsUnder({ version: 3, effectiveAt: 0, accounts: POLICY.accounts });
    lots = new LotListingQuery(dataSource);
    await tellStory();
    const elsewhere = new LedgerSeed(ids, await seedProgramme(dataSource, ids));
    elsewhere.grant({ points: 999, allocated: 999_000_000n, at: '2026-01-01T00:00:00Z' });
    await elsewhere.save(dataSource);
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  /** Reports under accounting policies that differ in their accounts. */
  function reportsUnder(
    ...policies: readonly { version: number; effectiveAt: number; publishedAt?: number; accounts: object }[]
  ): FinanceReports {
    const versions = policies.map(({ accounts, ...version }) => ({
      ...{ kind: 'accounting-policy', key: 'main', body: { ...POLICY, accounts } },
      ...version,
    }));
    const configs = new ConfigCache({
      snapshot: (id) => Promise.resolve(new ConfigSnapshot(id, 'TWD', SEED_TIME_ZONE, 1, versions)),
    });
    return new FinanceReports(
      new LiabilityQuery(dataSource),
      new TieOutQuery(dataSource),
      new RollForwardQuery(dataSource),
      new JournalQuery(dataSource),
      configs,
      // Nothing in this story is left that is due.
      { ofProgramme: () => Promise.resolve(0) } as unknown as ApplyDue,
      { now: () => NOW },
    );
  }

  /** January: 100 points with 82.568807 and 50 without; 30 redeemed. February: 20 on hold, the 50 expire. */
  async function tellStory(): Promise<void> {
    seed = new LedgerSeed(ids, programmeId);
    bought = seed.grant({ points: 100, allocated: 82_568_807n, at: '2026-01-05T23:30:00+08:00' });
    const given = seed.grant({
      points: 50,
      at: '2026-01-06T10:00:00+08:00',
      expiresAt: '2026-03-01T00:00:00+08:00',
    });
    seed.redeem(bought, 30, '2026-01-31T23:59:59+08:00').hold(bought, 20, '2026-02-10T10:00:00+08:00');
    seed.expire(given, 50, '2026-03-01T00:00:00+08:00');
    await seed.save(dataSource);
  }

  const listing = (day: string) => ({
    programmeId,
    asOf: { kind: 'day', day } as const,
    knownAt: null,
    timeZone: SEED_TIME_ZONE,
  });

  it('tells the liability at the end of a business day, at an instant, and now', async () => {
    const line = { entity: 'Laurel Ltd', currency: 'TWD', expectedBreakage: '0.000000' };
    expect(await reports.liability(programmeId, { asOf: '2026-01-04' })).toEqual({
      asOf: '2026-01-04',
      knownAt: null,
      lines: [{ ...line, points: 0, gross: '0.000000', net: '0.000000' }],
    });
    expect(await reports.liability(programmeId, { asOf: '2026-01-31' })).toMatchObject({
      lines: [{ ...line, points: 120, gross: '57.798165', net: '57.798165' }],
    });
    // One second before the redemption, still the 31st in Taipei.
    expect(await reports.liability(programmeId, { asOf: '2026-01-31T15:59:58Z' })).toMatchObject({
      asOf: '2026-01-31T15:59:58.000Z',
      lines: [{ points: 150, gross: '82.568807' }],
    });
    expect(await reports.liability(programmeId, {})).toMatchObject({
      asOf: '2026-03-31T16:00:00.000Z',
      lines: [{ points: 70, gross: '57.798165' }],
    });
  });

  it('posts an expiry to the last day the points counted', async () => {
    expect((await reports.liability(programmeId, { asOf: '2026-02-27' })).lines[0]?.points).toBe(120);
    expect((await reports.liability(programmeId, { asOf: '2026-02-28' })).lines[0]?.points).toBe(70);
  });

  it('ties the lots, recomputed, to the control account at any date', async () => {
    for (const [asOf, count] of [
      ['2026-01-04', 0],
      ['2026-01-05', 1],
      ['2026-01-31', 2],
      [undefined, 2],
    ] as const) {
      const report = await reports.tieOut(programmeId, { asOf });
      expect(report).toMatchObject({
        ties: true,
        lines: [{ lots: count, difference: '0.000000', ties: true }],
      });
      const [{ control } = { control: '' }] = report.lines;
      expect(control).toBe((await reports.liability(programmeId, { asOf })).lines[0]?.gross);
    }
  });

  it('lists lots with what they were at a date', async () => {
    const [first, second] = await lots.page(listing('2026-01-31'), null, 10);
    expect(first).toMatchObject({
      lotId: bought,
      memberId: seed.memberId,
      origin: 'purchase',
      earnedOn: '2026-01-05',
      cohort: '2026-01',
      points: 100,
      redeemed: 30,
      expired: 0,
      outstanding: 70,
      allocated: 82_568_807n,
      liability: 57_798_165n,
      expiresAt: null,
    });
    expect(second).toMatchObject({
      origin: 'non_purchase',
      purchaseId: expect.stringMatching(/^pur_/),
      liability: 0n,
    });
    expect(await lots.page(listing('2026-01-31'), bought, 1)).toEqual([second]);
    expect(await lots.page(listing('2026-01-05'), null, 10)).toMatchObject([
      { redeemed: 0, outstanding: 100 },
    ]);
    expect((await lots.page(listing('2026-02-28'), null, 10))[1]).toMatchObject({
      expired: 50,
      outstanding: 0,
    });
    expect(await lots.totals(listing('2026-01-31'))).toEqual({
      lots: 2,
      points: 150n,
      outstanding: 120n,
      undelivered: 0n,
      redeemed: 30n,
      expired: 0n,
      returned: 0n,
      settled: 0n,
      moved: 0n,
      cancelled: 0n,
      allocated: 82_568_807n,
      liability: 57_798_165n,
    });
  });

  it('streams the same lots as CSV, whose last line proves that all of it arrived', async () => {
    let text = '';
    for await (const part of lotsCsv(lots.stream(listing('2026-01-31')), 'TWD')) text += part;
    expect(text.startsWith('\uFEFFlot_id,member_id,')).toBe(true);
    const lines = text.split('\r\n');
    const sha256 = createHash('sha256')
      .update(`${lines.slice(1, 3).join('\r\n')}\r\n`)
      .digest('hex');
    expect(lines[3]).toBe(
      `#control,rows=2,points=150,outstanding=120,allocated=82.568807,liability=57.798165,sha256=${sha256}`,
    );
    const rows = parse(lines.slice(0, 3).join('\r\n'), { columns: true, bom: true });
    expect(rows).toMatchObject([
      { lot_id: bought, outstanding: '70', allocated: '82.568807', liability: '57.798165', currency: 'TWD' },
      { origin: 'non_purchase', liability: '0.000000', policy_version: '' },
    ]);
  });

  it('frees its connection when a reader of the stream goes away', async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      for await (const _ of lots.stream(listing('2026-01-31'))) break;
    }
    expect(await lots.totals(listing('2026-01-31'))).toMatchObject({ lots: 2 });
  });

  it('rolls points and money forward over months', async () => {
    const report = await reports.rollForward(programmeId, '2026-01', '2026-03');
    expect(report).toMatchObject({ from: '2026-01', to: '2026-03', entity: 'Laurel Ltd', currency: 'TWD' });
    const row = (month: number, name: string) =>
      report.months[month]?.rows.find(({ row: found }) => found === name);
    expect(report.months[0]?.rows.map(({ row: name }) => name)).toEqual([
      'opening',
      'brought_in',
      'earned_purchase',
      'earned_non_purchase',
      'earned_compensation',
      'returned',
      'debts',
      'redeemed',
      'redemption_reversed',
      'expired',
      'corrected',
      'transferred',
      'other',
      'closing',
    ]);
    expect(row(0, 'earned_purchase')).toEqual({ row: 'earned_purchase', points: 100, gross: '82.568807' });
    expect(row(0, 'redeemed')).toEqual({ row: 'redeemed', points: -30, gross: '-24.770642' });
    expect(row(0, 'closing')).toEqual({ row: 'closing', points: 120, gross: '57.798165' });
    expect(row(1, 'expired')).toEqual({ row: 'expired', points: -50, gross: '0.000000' });
    // Holding points moves nothing.
    expect(row(1, 'other')).toEqual({ row: 'other', points: 0, gross: '0.000000' });
    expect(row(2, 'closing')).toEqual({ row: 'closing', points: 70, gross: '57.798165' });
    const later = await reports.rollForward(programmeId, '2026-03', '2026-03');
    expect(later.months[0]?.rows).toEqual(report.months[2]?.rows);
  });

  it('exports a balanced journal, the same bytes every time', async () => {
    const journal = await reports.journal(programmeId, { from: '2026-01', to: '2026-01' }, 'en');
    expect(journal).toMatchObject({
      batchId: expect.stringMatching(/^JB-20260101-20260131-[0-9a-f]{12}$/),
      from: '2026-01-01',
      to: '2026-01-31',
      knownAt: null,
      currency: 'TWD',
      control: { lines: 4, debit: '107.34', credit: '107.34' },
    });
    expect(journal.lines[0]).toEqual({
      batchId: journal.batchId,
      entryId: expect.stringMatching(/^JE-20260105-[0-9a-f]{12}$/),
      lineNo: 1,
      entity: 'Laurel Ltd',
      ledger: 'IFRS',
      postingDate: '2026-01-05',
      period: '2026-01',
      effectiveFrom: '2026-01-05',
      effectiveTo: '2026-01-05',
      eventCode: 'E01',
      accountRole: 'REV_DEFERRAL',
      accountCode: '4110-91',
      debit: '82.57',
      credit: '0.00',
      currency: 'TWD',
      fxRate: '1',
      functionalDebit: '82.57',
      functionalCredit: '0.00',
      dims: {},
      memo: 'Points earned with purchases',
      sourceCount: 1,
      sourceHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      reversesEntryId: null,
      manual: false,
      late: false,
      policyVersion: 3,
      monetary: false,
    });
    expect(journal.lines[1]).toMatchObject({
      accountRole: 'CL_POINTS',
      accountCode: '2131',
      credit: '82.57',
    });
    expect(await reports.journal(programmeId, { from: '2026-01-01', to: '2026-01-31' }, 'en')).toEqual(
      journal,
    );
  });

  it('writes the journal as CSV with a trailer, in the language asked for', async () => {
    const journal = await reports.journal(programmeId, { from: '2026-01-31', to: '2026-01-31' }, 'zh-Hant');
    const lines = journalCsv(journal).split('\r\n');
    expect(lines[0]).toBe(
      '\uFEFFbatch_id,entry_id,line_no,entity,ledger,posting_date,period,effective_from,effective_to,event_code,' +
        'account_role,account_code,debit,credit,currency,fx_rate,functional_debit,functional_credit,dims,memo,' +
        'source_count,source_hash,reverses_entry_id,manual,late,policy_version,monetary',
    );
    expect(lines[1]).toContain(',E06,CL_POINTS,2131,24.77,0.00,TWD,1,24.77,0.00,{},點數兌換,1,');
    const { sha256 } = journal.control;
    expect(createHash('sha256').update(`${lines[1]}\r\n${lines[2]}\r\n`).digest('hex')).toBe(sha256);
    expect(lines.slice(3)).toEqual([`#control,lines=2,debit=24.77,credit=24.77,sha256=${sha256}`, '']);
  });

  it('posts month by month what it posts in one go', async () => {
    const whole = await reports.journal(programmeId, { from: '2026-01', to: '2026-03' }, 'en');
    const parts = [];
    for (const month of ['2026-01', '2026-02', '2026-03']) {
      parts.push(...(await reports.journal(programmeId, { from: month, to: month }, 'en')).lines);
    }
    const withoutBatch = (lines: readonly object[]) => lines.map((line) => ({ ...line, batchId: null }));
    expect(withoutBatch(parts)).toEqual(withoutBatch(whole.lines));
  });

  const moved = {
    version: 4,
    effectiveAt: Date.parse('2026-02-01T00:00:00+08:00'),
    publishedAt: Date.parse('2026-01-20T00:00:00+08:00'),
    accounts: { CL_POINTS: '2139' },
  };
  const told = (lines: readonly JournalRecord[]) =>
    lines.map(({ postingDate, eventCode, accountCode, debit, credit }) =>
      [postingDate, eventCode, accountCode, debit, credit].join(' '),
    );

  it('moves the balance when an account code changes, in a document of its own', async () => {
    const under = reportsUnder({ version: 3, effectiveAt: 0, accounts: POLICY.accounts }, moved);
    const whole = await under.journal(programmeId, { from: '2026-01', to: '2026-03' }, 'en');
    expect(told(whole.lines)).toEqual([
      '2026-01-05 E01 4110-91 82.57 0.00',
      '2026-01-05 E01 2131 0.00 82.57',
      '2026-01-31 E06 2131 24.77 0.00',
      '2026-01-31 E06 4110-92 0.00 24.77',
      '2026-02-01 RECLASS 2131 57.80 0.00',
      '2026-02-01 RECLASS 2139 0.00 57.80',
    ]);
    expect(whole.lines[4]).toMatchObject({
      accountRole: 'CL_POINTS',
      memo: 'Account code changed: balance carried over',
      sourceCount: 0,
      sourceHash: null,
      policyVersion: 4,
    });
    const february = await under.journal(programmeId, { from: '2026-02', to: '2026-02' }, 'en');
    expect(told(february.lines)).toEqual(told(whole.lines.slice(4)));
    expect(february.lines[0]?.entryId).toBe(whole.lines[4]?.entryId);
    expect(new Set(whole.lines.map(({ entryId }) => entryId)).size).toBe(3);
  });

  it('carries nothing over on a day that has not begun', async () => {
    const later = { ...moved, effectiveAt: Date.parse('2026-05-01T00:00:00+08:00') };
    const under = reportsUnder({ version: 3, effectiveAt: 0, accounts: POLICY.accounts }, later);
    const { lines } = await under.journal(programmeId, { from: '2026-04', to: '2026-12' }, 'en');
    expect(lines).toEqual([]);
  });

  it('shows the journal as it was known: movements, policies and the batch they make', async () => {
    const under = reportsUnder({ version: 3, effectiveAt: 0, accounts: POLICY.accounts }, moved);
    const range = { from: '2026-01', to: '2026-03' };
    // The redemption was written down one second after it happened, in the night to 1 February.
    const known = await under.journal(programmeId, { ...range, knownAt: '2026-01-31T15:59:59Z' }, 'en');
    expect(known.knownAt).toBe('2026-01-31T15:59:59.000Z');
    expect(told(known.lines)).toEqual([
      '2026-01-05 E01 4110-91 82.57 0.00',
      '2026-01-05 E01 2131 0.00 82.57',
    ]);
    expect(journalCsv(known)).toContain(',knownAt=2026-01-31T15:59:59.000Z\r\n');
    const now = await under.journal(programmeId, range, 'en');
    expect(known.batchId).not.toBe(now.batchId);
    const later = await under.journal(programmeId, { ...range, knownAt: '2026-03-31T00:00:00Z' }, 'en');
    expect(told(later.lines)).toEqual(told(now.lines));
  });

  it.each([
    ['2026-02', '2026-01'],
    ['2025-01-01', '2026-01-02'],
  ])('refuses a journal from %s to %s', async (from, to) => {
    await expect(reports.journal(programmeId, { from, to }, 'en')).rejects.toMatchObject({
      problem: { code: 'VALIDATION_FAILED' },
    });
  });

  it('refuses a roll-forward over more than ten years', async () => {
    await expect(reports.rollForward(programmeId, '2016-01', '2026-01')).rejects.toMatchObject({
      problem: { code: 'VALIDATION_FAILED', errors: [{ pointer: '/to', code: 'RANGE_TOO_LONG' }] },
    });
  });

  it('says so when something is negative as of any day, whatever day is asked for', async () => {
    const move = (by: number) =>
      database.asOwner(
        `UPDATE movements SET posting_date = posting_date + $2::int WHERE lot_id = $1 AND from_bucket = 'issued'`,
        [idToUuid(bought), by],
      );
    await move(3650);
    expect(await reports.tieOut(programmeId, {})).toMatchObject({
      ties: false,
      lines: [{ differingLots: 0, negativeFigures: expect.any(Number) }],
    });
    await move(-3650);
    expect(await reports.tieOut(programmeId, {})).toMatchObject({
      ties: true,
      lines: [{ negativeFigures: 0 }],
    });
  });

  it('says so when a lot does not tie', async () => {
    const id = idToUuid(bought);
    await dataSource.query('UPDATE lots SET allocated = allocated + 1 WHERE lot_id = $1', [id]);
    expect(await reports.tieOut(programmeId, {})).toMatchObject({
      ties: false,
      lines: [{ differingLots: 1, difference: '0.000001' }],
    });
    await dataSource.query('UPDATE lots SET allocated = allocated - 1 WHERE lot_id = $1', [id]);
  });
});
