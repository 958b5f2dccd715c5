import type { Row } from '../../database/row.js';

/** The part of a driver's client that the pipeline uses. */
export interface SqlClient {
  query(config: { name?: string; text: string; values: unknown[] }): Promise<{ rows: Row[] }>;
}
