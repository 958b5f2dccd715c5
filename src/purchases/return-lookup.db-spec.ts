import type { DataSource } from 'typeorm';
import { numberedId } from '../../test/builders/ids.js';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { idToUuid } from '../kernel/ids.js';
import { createDataSource } from '../platform/database/data-source.js';
import { ReturnLookup } from './return-lookup.query.js';

/** PostgreSQL makes a plan for each of the first five executions before it weighs one for all of them. */
const FIRST_PLANS = 5;
const PROGRAMME = numberedId('prg', 1);

describe('what a return asks about its receipt', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await createTestDatabase();
    // Enough of them to tell an access by id from one by a list of ids.
    await database.asOwner(
      `WITH programme AS (
         INSERT INTO programmes (programme_id, name, currency, time_zone, created_at)
         VALUES ($1, 'Seed', 'TWD', 'Asia/Taipei', now()) RETURNING programme_id),
       bought AS (
         INSERT INTO members (member_id, programme_id, account_id, home_account_id, status, enrolled_at, attributes,
           created_at, updated_at)
         SELECT gen_random_uuid(), p.programme_id, x.id, x.id, 'active', now(), '{}', now(), now()
         FROM programme p, (SELECT gen_random_uuid() AS id FROM generate_series(1, 2000)) x
         RETURNING member_id, account_id)
       INSERT INTO purchases (account_id, purchase_id, member_id, source, receipt_no, occurred_at, recorded_at,
         business_date, currency, channel, amount_minor, tax_minor, lines, tenders, redemption_ids, attributes,
         explanation, lot_ids, counted)
       SELECT b.account_id, gen_random_uuid(), b.member_id, 'pos', b.member_id::text, now(), now(), now(), 'TWD', null,
         0, 0, '[]', '[]', '[]', '{}', '[]', '[]', true FROM bought b`,
      [idToUuid(PROGRAMME)],
    );
    await database.asOwner('ANALYZE members, purchases');
    // One connection, so that all questions share its plans.
    dataSource = createDataSource(database.applicationUrl, { poolSize: 1 });
    await dataSource.initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it('is planned once a connection: a plan costs many times what the answer does', async () => {
    const lookup = new ReturnLookup(dataSource);
    const questions = 3;
    for (let index = 0; index < FIRST_PLANS + questions; index += 1)
      await lookup.lookUp(PROGRAMME, [numberedId('pur', index)]);
    const plans = await dataSource.query<unknown[]>(
      `SELECT name, generic_plans::int, custom_plans::int FROM pg_prepared_statements WHERE name LIKE 'return-%'`,
    );
    expect(plans).toEqual([{ name: 'return-recorded', generic_plans: questions, custom_plans: FIRST_PLANS }]);
  });
});
