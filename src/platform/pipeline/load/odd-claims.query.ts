import type { DataSource } from 'typeorm';
import { idToUuid, type ProgrammeId } from '../../../kernel/ids.js';

/** A claim whose key a request could no longer use, or not in this form. */
export interface OddClaim {
  readonly scope: string;
  readonly key: string;
}

const PAGE = 1000;

/** Keys that are more than visible ASCII with spaces within; those of receipts are two such lines. */
const ODD = `SELECT c.scope, c.key FROM claims c
  WHERE c.programme_id = $1 AND (c.scope, c.key) > ($2, $3)
    AND c.key !~ '^[!-~]([ -~]*[!-~])?(\\n[!-~]([ -~]*[!-~])?)?$'
  ORDER BY c.scope, c.key LIMIT ${PAGE}`;

const TAKEN = `SELECT true AS taken FROM claims c WHERE c.programme_id = $1 AND c.scope = $2 AND c.key = $3`;

/** Reads claims from before there were rules for keys. */
export class OddClaimsQuery {
  constructor(private readonly dataSource: DataSource) {}

  /** Every claim of a programme that is not plain, in the order of its key. */
  async *all(programmeId: ProgrammeId): AsyncGenerator<OddClaim> {
    let last: OddClaim = { scope: '', key: '' };
    for (;;) {
      const values = [idToUuid(programmeId), last.scope, last.key];
      const page = await this.dataSource.query<OddClaim[]>(ODD, values);
      yield* page;
      if (page.length < PAGE) return;
      last = page.at(-1) as OddClaim;
    }
  }

  async isTaken(programmeId: ProgrammeId, { scope, key }: OddClaim): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(TAKEN, [idToUuid(programmeId), scope, key]);
    return rows.length > 0;
  }
}
