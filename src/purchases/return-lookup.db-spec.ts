import type { DataSource } from 'typeorm';
import { numberedId } from '../../test/builders/ids.js';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { createDataSource } from '../platform/database/data-source.js';
import { ReturnLookup } from './return-lookup.query.js';

/** PostgreSQL makes a plan for each of the first five executions before it weighs one for all of them. */
const FIRST_PLANS = 5;

describe('what a return asks about its receipt', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await createTestDatabase();
    // Enough of them to tell an access by id from one by a list of ids.
    await database.asOwner(
      `INSERT INTO purchases (account_id, purchase_id, member_id, source, receipt_no, occurred_at, recorded_at,
         business_date, currency, channel, amount_minor, tax_minor, lines, tenders, redemption_ids, attributes,
         explanation, lot_ids, counted)
       SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'pos', n::text, now(), now(), now(), 'TWD', null,
         0, 0, '[]', '[]', '[]', '{}', '[]', '[]', true FROM generate_series(1, 2000) n`,
    );
    await database.asOwner('ANALYZE purchases');
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
      await lookup.lookUp(numberedId('prg', 1), [numberedId('pur', index)]);
    const plans = await dataSource.query<unknown[]>(
      `SELECT name, generic_plans::int, custom_plans::int FROM pg_prepared_statements WHERE name LIKE 'return-%'`,
    );
    expect(plans).toEqual([{ name: 'return-recorded', generic_plans: questions, custom_plans: FIRST_PLANS }]);
  });
});
