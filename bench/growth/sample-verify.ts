import pg from 'pg';
import { idToUuid, uuidToId, type ProgrammeId } from '../../src/kernel/ids.js';
import { reportOf, VerifyService, type VerifyReport, type VerifyState } from '../../src/integrity/index.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { EXTERNAL_ID_TYPE } from '../../src/platform/http/identity.js';

export interface SampleOptions {
  readonly programmeId: string;
  /** Members that pages begin after, by their external ids. */
  readonly externalIds: readonly string[];
  /** Accounts checked from each of them on; default 50. */
  readonly accountsPerPage?: number;
}

/** What of the engine's own `verify` reports is of interest for a part of an installation. */
export type SampleReport = Pick<
  VerifyReport,
  'accounts' | 'lots' | 'movements' | 'receipts' | 'members' | 'differences' | 'differenceCount' | 'clean'
>;

/**
 * The engine's `verify` over a part of the database: from each member on, a page of accounts, a page of receipts and a
 * page of members. For databases that a whole run would take hours for.
 *
 * @throws Error for a member who is not there
 */
export async function sampleVerify(databaseUrl: string, options: SampleOptions): Promise<SampleReport> {
  const { programmeId, externalIds, accountsPerPage = 50 } = options;
  const starts = await startsOf(databaseUrl, idToUuid(programmeId), externalIds);
  const dataSource = await createDataSource(databaseUrl, { poolSize: 1 }).initialize();
  try {
    const service = new VerifyService(dataSource);
    let state = await service.begin(programmeId as ProgrammeId);
    for (const start of starts) {
      const places = [
        ['accounts', uuidToId('acc', start.account_id)],
        ['receipts', start.purchase_id],
        ['members', start.member_id],
      ] as const;
      for (const [phase, after] of places) {
        const from: VerifyState = { ...state, phase, after };
        const onePage = new AbortController();
        const onPage = (): void => onePage.abort();
        state = await service.walk({ from, accountsPerPage, onPage, signal: onePage.signal });
      }
    }
    return reportOf(state);
  } finally {
    await dataSource.destroy();
  }
}

interface Start {
  readonly account_id: string;
  readonly member_id: string;
  /** Null: from the first receipt on. */
  readonly purchase_id: string | null;
}

async function startsOf(
  databaseUrl: string,
  programme: string,
  externalIds: readonly string[],
): Promise<readonly Start[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const found = await client.query<Start>(
      `SELECT i.account_id, i.member_id, (SELECT p.purchase_id FROM purchases p WHERE p.member_id = i.member_id
          ORDER BY p.occurred_at DESC LIMIT 1) AS purchase_id
       FROM unnest($2::text[]) w(value)
       JOIN member_identities i ON i.programme_id = $1 AND i.type = $3 AND i.value = w.value`,
      [programme, externalIds, EXTERNAL_ID_TYPE],
    );
    if (found.rows.length < externalIds.length) throw new Error(`not all of ${externalIds.join()} are there`);
    return found.rows;
  } finally {
    await client.end();
  }
}
