import type { DataSource } from 'typeorm';
import { AdjustmentQuery } from '../../src/adjustments/adjustment.query.js';
import { entities } from '../../src/app.module.js';
import { AuditQuery } from '../../src/audit/audit.query.js';
import { uuidToId, type MemberId, type ProgrammeId } from '../../src/kernel/ids.js';
import { MemberSearchQuery } from '../../src/members/member-search.query.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import type { AskedPage } from '../../src/platform/http/time-list.dto.js';
import { PurchaseListQuery } from '../../src/purchases/purchase-list.query.js';
import { RedemptionQuery } from '../../src/redemptions/redemption.query.js';
import { TransferQuery } from '../../src/transfers/transfer.query.js';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';
import { rowsRead } from '../harness/rows-read.js';

const PROGRAMME = '01900000-0000-7000-8000-000000000001';
const MEMBERS = 4_000;
/** Ten for each member, one an hour. */
const RECEIPTS = 40_000;
const PAGE = 50;
/** Each row of a page is looked up in two or three tables; nothing else may be read, however much there is. */
const MOST_ROWS = 10 * PAGE;

const uuid = (kind: string, number: string) =>
  `('01900000-0000-7000-8${kind}-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
const memberOf = (number: string) => uuid('001', `${number} % ${MEMBERS}`);
const accountOf = (number: string) => uuid('002', `${number} % ${MEMBERS}`);
const at = (number: string) => `'2022-01-01T00:00:00Z'::timestamptz + ${number} * interval '1 hour'`;

/** A programme in its fifth year, as rows alone. */
const FILL: readonly string[] = [
  `INSERT INTO programmes (programme_id, name, currency, time_zone, config_revision, created_at)
   VALUES ('${PROGRAMME}', 'Filled', 'TWD', 'Asia/Taipei', 0, now())`,
  `INSERT INTO members (member_id, programme_id, account_id, home_account_id, external_id, status, enrolled_at,
     attributes, created_at, updated_at)
   SELECT ${memberOf('n')}, '${PROGRAMME}', ${accountOf('n')}, ${accountOf('n')}, 'F-' || n, 'active', now(), '{}',
     now(), now() FROM generate_series(0, ${MEMBERS - 1}) n`,
  `INSERT INTO accounts (account_id, programme_id, head_member_id, counted)
   SELECT ${accountOf('n')}, '${PROGRAMME}', ${memberOf('n')}, true FROM generate_series(0, ${MEMBERS - 1}) n`,
  `INSERT INTO member_identities (programme_id, type, value, member_id, account_id)
   SELECT '${PROGRAMME}', 'card', 'C' || (100000 + n) || 'X', ${memberOf('n')}, ${accountOf('n')}
   FROM generate_series(0, ${MEMBERS - 1}) n`,
  `INSERT INTO purchases (purchase_id, account_id, member_id, source, receipt_no, occurred_at, recorded_at,
     business_date, currency, amount_minor, tax_minor, lines, tenders, redemption_ids, attributes, explanation)
   SELECT ${uuid('003', 'n')}, ${accountOf('n')}, ${memberOf('n')}, 'store-' || n % 20, 'R-' || n, ${at('n')},
     ${at('n')}, (${at('n')})::date, 'TWD', 100, 0, '[]', '[]', '[]', '{}', '[]'
   FROM generate_series(0, ${RECEIPTS - 1}) n`,
  `INSERT INTO claims (account_id, programme_id, scope, key, fingerprint, target_fingerprint, command_id, status,
     answer, recorded_at)
   SELECT ${accountOf('n')}, '${PROGRAMME}', 'receipt', 'store-' || n % 20 || E'\\n' || 'R-' || n, '', '', 'x', 201,
     '{}', now() FROM generate_series(0, ${RECEIPTS - 1}) n`,
  `INSERT INTO redemptions (redemption_id, account_id, member_id, stocked, authorised_at, status, points, lots,
     reversed_points, discount_minor)
   SELECT ${uuid('004', 'n')}, ${accountOf('n')}, ${memberOf('n')}, false, ${at('n')}, 'captured', 1, '[]', 0, 0
   FROM generate_series(0, ${RECEIPTS - 1}) n`,
  `INSERT INTO transfers (transfer_id, account_id, member_id, kind, to_account_id, to_member_id, points, debt, lots,
     transferred_at)
   SELECT ${uuid('005', 'n')}, ${accountOf('n')}, ${memberOf('n')}, 'member', ${accountOf('(n + 1)')},
     ${memberOf('(n + 1)')}, 1, 0, '[]', ${at('n')} FROM generate_series(0, ${RECEIPTS - 1}) n`,
  `INSERT INTO adjustments (adjustment_id, account_id, programme_id, member_id, kind, status, points, reason_id,
     reason_version, lots, requested_by, requested_at)
   SELECT ${uuid('006', 'n')}, ${accountOf('n')}, '${PROGRAMME}', ${memberOf('n')}, 'credit', 'posted', 1, 'sorry', 1,
     '[]', 'key', ${at('n')} FROM generate_series(0, ${RECEIPTS - 1}) n`,
  `INSERT INTO audit_log (audit_id, programme_id, at, actor, action, subject, member_id)
   SELECT ${uuid('007', 'n')}, '${PROGRAMME}', ${at('n')}, 'key_' || n % 100, 'member.changed', 'm' || n % ${MEMBERS},
     ${memberOf('n')} FROM generate_series(0, ${RECEIPTS - 1}) n`,
  `INSERT INTO tier_changes (account_id, member_id, sequence, to_tier, since, recorded_at, tier_set_id,
     tier_set_version)
   SELECT ${accountOf('n')}, ${memberOf('n')}, 1, CASE WHEN n % 100 = 0 THEN 'gold' ELSE 'silver' END, now(), now(),
     'tiers', 1 FROM generate_series(0, ${MEMBERS - 1}) n WHERE n % 4 = 0`,
  'ANALYZE',
];

const programme: ProgrammeId = uuidToId('prg', PROGRAMME);
const member: MemberId = uuidToId('mbr', '01900000-0000-7000-8001-000000000007');
const number = { source: null, receiptNo: null };
const page = (asked: Partial<AskedPage> = {}): AskedPage => ({
  ...{ memberId: null, from: null, to: null, cursor: null, limit: PAGE },
  ...asked,
});
/** A day, a year before the last receipt. */
const day = { from: Date.parse('2025-05-01T00:00:00Z'), to: Date.parse('2025-05-02T00:00:00Z') };
const after = { ladder: ['basic', 'silver', 'gold'], text: null, tier: null, after: null, limit: PAGE };
const audit = {
  actor: null,
  action: null,
  subject: null,
  memberId: null,
  from: null,
  to: null,
  cursor: null,
};

type Reading = (dataSource: DataSource) => Promise<readonly unknown[]>;
const receipts = (
  asked: Partial<AskedPage>,
  filter = number as { source: string | null; receiptNo: string | null },
) => ((dataSource) => new PurchaseListQuery(dataSource).purchases(programme, page(asked), filter)) as Reading;
const redemptions = (asked: Partial<AskedPage>) =>
  ((dataSource) => new RedemptionQuery(dataSource).page(programme, page(asked), null)) as Reading;
const transfers = (asked: Partial<AskedPage>) =>
  ((dataSource) => new TransferQuery(dataSource).page(programme, page(asked))) as Reading;
const adjustments = (asked: Partial<AskedPage>) =>
  ((dataSource) => new AdjustmentQuery(dataSource).page(programme, page(asked), null, Date.now())) as Reading;
const members = (search: object) =>
  ((dataSource) => new MemberSearchQuery(dataSource).ids(programme, { ...after, ...search })) as Reading;
const entries = (filter: object) =>
  ((dataSource) =>
    new AuditQuery(dataSource).page(programme, { ...audit, ...filter, limit: PAGE })) as Reading;

describe('what lists read of a filled programme', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    for (const sql of FILL) await database.asOwner(sql);
  }, 120_000);
  afterAll(() => database.drop());

  it.each<readonly [string, number, Reading]>([
    ['receipts', PAGE, receipts({})],
    ['receipts of a member', 10, receipts({ memberId: member })],
    ['receipts of a day', 24, receipts(day)],
    ['receipts of a source and a day', 1, receipts(day, { source: 'store-3', receiptNo: null })],
    ['a receipt by its number', 1, receipts({}, { source: 'store-3', receiptNo: 'R-23' })],
    ['redemptions of a member', 10, redemptions({ memberId: member })],
    ['redemptions of a day', 24, redemptions(day)],
    ['transfers of a member', 20, transfers({ memberId: member })],
    ['transfers of a day', 24, transfers(day)],
    ['adjustments of a member', 10, adjustments({ memberId: member })],
    ['adjustments of a day', 24, adjustments(day)],
    ['members', PAGE, members({})],
    ['members by a beginning', 10, members({ text: 'c10012' })],
    ['members by an end', 4, members({ text: '123x' })],
    ['members on a tier', 40, members({ tier: 'gold' })],
    ['members on the first tier', PAGE, members({ tier: 'basic' })],
    ['the audit log', PAGE, entries({})],
    ['the audit log of a key', PAGE, entries({ actor: 'key_7' })],
    ['the audit log of a member', 10, entries({ memberId: member })],
    ['the audit log of a day', 24, entries(day)],
  ])('%s', async (_, expected, read) => {
    const rows = await rowsRead(database.ownerUrl, async () => {
      const dataSource = await createDataSource(database.applicationUrl, {
        poolSize: 1,
        entities,
      }).initialize();
      expect(await read(dataSource)).toHaveLength(expected);
      await dataSource.destroy();
    });
    expect(rows).toBeLessThan(MOST_ROWS);
  });
});
