import type { DataSource } from 'typeorm';
import { LedgerSeed, seedProgramme } from '../../../test/builders/ledger-seed.js';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { rowsRead } from '../../../test/harness/rows-read.js';
import { idToUuid, type LotId, type ProgrammeId } from '../../kernel/ids.js';
import { createDataSource } from '../../platform/database/data-source.js';
import { UuidV7Source } from '../../platform/ids/uuid-v7-source.js';
import { VerifyService } from './verify.service.js';

const START = Date.parse('2026-01-05T04:00:00Z');
const ids = new UuidV7Source({ now: () => Date.parse('2026-02-01T00:00:00Z') });
const at = (minute: number) => new Date(START + minute * 60_000).toISOString();

/** Accounts of a usual size: by them the planner expects few lots of every account. */
const USUAL_ACCOUNTS = 150;
const DEEP = 300;
/** Rows that a run may read for each lot with its movements and its receipt; it is some forty. */
const MOST_ROWS_A_LOT = 100;

describe('what verify reads', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let programmeId: ProgrammeId;

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.applicationUrl, { poolSize: 2 }).initialize();
    programmeId = await seedProgramme(dataSource, ids);
  });

  afterEach(async () => {
    if (dataSource.isInitialized) await dataSource.destroy();
    await database.drop();
  });

  /** Lots of as many receipts, a part of which is used or given up; the others go to another account. */
  async function deepAccounts(lots: number): Promise<void> {
    const [giver, taker] = [new LedgerSeed(ids, programmeId), new LedgerSeed(ids, programmeId)];
    const granted = Array.from({ length: lots }, (_, index) =>
      giver.grant({ points: 10, allocated: 8_256_881n, at: at(index) }),
    );
    const third = (rest: number) => granted.filter((_, index) => index % 3 === rest);
    for (const lotId of third(0)) giver.redeem(lotId, 4, at(lots));
    const points = (lotIds: readonly LotId[]) => lotIds.map((lotId) => ({ lotId, points: 5 }));
    const cause = { type: 'adjustment', id: ids.next('adj') } as const;
    giver.happen('points.forfeited', { cause, lots: points(third(1)) }, at(lots));
    giver.moveTo(taker, points(granted), at(lots + 1));
    await giver.save(dataSource);
    await taker.save(dataSource);
  }

  /** Receipts and members, as far as they are asked for the lots of the ledger. */
  async function receiptsOfLots(): Promise<void> {
    await dataSource.query(`INSERT INTO purchases (purchase_id, account_id, member_id, source, receipt_no, occurred_at,
        recorded_at, business_date, currency, amount_minor, tax_minor, lines, tenders, redemption_ids, attributes,
        explanation, lot_ids, counted)
      SELECT l.purchase_id, l.account_id, l.member_id, 'seed', l.lot_id::text, l.earned_at, l.earned_at,
        l.earned_at::date, 'TWD', 0, 0, '[]', '[]', '[]', '{}', '[]', json_build_array(l.lot_id), true
      FROM lots l WHERE l.parent_lot_id IS NULL`);
    await dataSource.query(
      `INSERT INTO members (member_id, programme_id, account_id, home_account_id, status, enrolled_at, attributes,
         created_at, updated_at)
       SELECT a.head_member_id, a.programme_id, a.account_id, a.account_id, 'active', now(), '{}', now(), now()
       FROM accounts a WHERE a.programme_id = $1`,
      [idToUuid(programmeId)],
    );
  }

  /** Before the deep accounts, the planner believes that nothing was ever moved. */
  it.each(['after', 'before'])(
    'grows as lots do, with statistics of the time %s',
    async (analysed) => {
      for (let made = 0; made < USUAL_ACCOUNTS; made += 1) {
        const account = new LedgerSeed(ids, programmeId);
        account.grant({ points: 10, allocated: 8_256_881n, at: at(0) });
        await account.save(dataSource);
      }
      if (analysed === 'before') await database.asOwner('ANALYZE');
      await deepAccounts(DEEP);
      await receiptsOfLots();
      if (analysed === 'after') await database.asOwner('ANALYZE');
      await dataSource.destroy();

      const read = await rowsRead(database.ownerUrl, async () => {
        const reader = await createDataSource(database.applicationUrl, { poolSize: 2 }).initialize();
        const report = await new VerifyService(reader).run({ programmeId });
        await reader.destroy();
        expect(report).toMatchObject({ lots: USUAL_ACCOUNTS + 2 * DEEP, receipts: USUAL_ACCOUNTS + DEEP });
        // Members whose receipts have nothing counted are all that is wrong.
        expect([...new Set(report.differences.map(({ check }) => check))]).toEqual([
          'qualifyingDay.visits',
          'qualifyingDay.points',
        ]);
      });
      expect(read).toBeLessThan(MOST_ROWS_A_LOT * (USUAL_ACCOUNTS + 2 * DEEP));
    },
    60_000,
  );
});
