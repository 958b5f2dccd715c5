import type pg from 'pg';
import type { DataSource } from 'typeorm';
import type { Row } from './row.js';

/**
 * A query that tills ask for all the time: PostgreSQL plans it once a connection, where planning costs it more than
 * the answer does.
 */
export class Prepared {
  /** @param name of this text and no other, in all of the application. */
  constructor(
    private readonly name: string,
    private readonly text: string,
  ) {}

  /** @throws DatabaseError of the driver. */
  async rows(dataSource: DataSource, values: readonly unknown[]): Promise<readonly Row[]> {
    // TypeORM's own queries have no names; its pool is the driver's.
    const { master } = dataSource.driver as unknown as { readonly master: pg.Pool };
    const { name, text } = this;
    return (await master.query<Row>({ name, text, values: [...values] })).rows;
  }
}
