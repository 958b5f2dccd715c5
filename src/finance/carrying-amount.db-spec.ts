import type { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { carryingAmount } from '../ledger/index.js';
import { createDataSource } from '../platform/database/data-source.js';
import { carryingAmountSql } from './movements.query.js';

describe('carrying amounts', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.applicationUrl, { poolSize: 1 }).initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it('are the same in SQL as in code', async () => {
    const cases = [
      [1n, 3],
      [100n, 3],
      [82_568_807n, 100],
      [999_999_999_999_999_937n, 7],
      [0n, 5],
      [5n, 999_999_999_989],
    ] as const;
    const inputs = cases.flatMap(([allocated, points]) =>
      [0, 1, 2, points - 1, points].filter((out) => out <= points).map((out) => ({ allocated, points, out })),
    );
    const rows = await dataSource.query<{ carrying: string }[]>(
      `SELECT ${carryingAmountSql('(l.points - l.points_out)')}::text AS carrying
       FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS l(allocated, points, points_out, no)
       ORDER BY l.no`,
      [
        inputs.map(({ allocated }) => allocated.toString()),
        inputs.map(({ points }) => points),
        inputs.map(({ out }) => out),
      ],
    );
    expect(rows.map(({ carrying }) => BigInt(carrying))).toEqual(
      inputs.map(({ allocated, points, out }) => carryingAmount({ allocated, points }, out)),
    );
  });
});
