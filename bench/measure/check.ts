import pg from 'pg';
import { idToUuid, uuidToId, type ProgrammeId } from '../../src/kernel/ids.js';
import { reportOf, VerifyService, type VerifyState } from '../../src/integrity/index.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import type { LoadResult } from '../load/plan.js';
import { InvalidRun } from '../scene.js';
import { FIRST_RECEIPTS } from '../stage/open-stage.js';
import type { Stage } from '../stage/stage.js';

/** `verify` goes through all there is up to so many movements, and through a part of about as many beyond. */
const VERIFIED_MOVEMENTS = 50_000;
const ACCOUNTS_PER_PAGE = 100;
/** Pages of receipts and of members that are looked at where not all are. */
const SAMPLED_PAGES = 10;

/** What was answered on a stage, and so must be there. */
export class Answered {
  private purchases: number;
  private returns = 0;
  private redemptions = 0;

  constructor(private readonly stage: Stage) {
    this.purchases = Math.min(stage.members, FIRST_RECEIPTS);
  }

  readonly add = ({ made }: LoadResult): void => {
    this.purchases += made.purchases;
    this.returns += made.returns;
    this.redemptions += made.redemptions;
  };

  /** Holds the rows against the answers. @returns what was checked, for the reader. @throws InvalidRun */
  async check(): Promise<string> {
    const client = new pg.Client({ connectionString: this.stage.databaseUrl });
    await client.connect();
    try {
      const programme = idToUuid(this.stage.programmeId);
      await this.counts(client, programme);
      await balances(client, programme);
    } finally {
      await client.end();
    }
    return `${this.purchases} receipts, ${this.redemptions} redemptions and ${this.returns} returns are there as they were answered, none twice; every balance is the sum of its lots; ${await verified(this.stage)}`;
  }

  private async counts(client: pg.Client, programme: string): Promise<void> {
    const { rows } = await client.query<Record<string, string>>(COUNTS, [programme]);
    const found = rows[0] ?? {};
    const expected: Readonly<Record<string, number>> = {
      purchases: this.purchases,
      receipts: this.purchases,
      'receipt claims': this.purchases,
      returns: this.returns,
      'return claims': this.returns,
      redemptions: this.redemptions,
      'open holds': 0,
    };
    for (const [what, count] of Object.entries(expected)) {
      if (Number(found[what]) !== count)
        throw new InvalidRun(`${count} ${what} were answered, ${found[what]} are there`);
    }
  }
}

/** Purchases, and how many different receipts they are; `claims` keeps a receipt from being recorded twice. */
const COUNTS = `SELECT
    (SELECT count(*) FROM purchases p JOIN accounts a ON a.account_id = p.account_id WHERE a.programme_id = $1) AS purchases,
    (SELECT count(*) FROM (SELECT DISTINCT p.source, p.receipt_no FROM purchases p
      JOIN accounts a ON a.account_id = p.account_id WHERE a.programme_id = $1) d) AS receipts,
    (SELECT count(*) FROM claims c WHERE c.programme_id = $1 AND c.scope = 'receipt') AS "receipt claims",
    (SELECT count(*) FROM returns r JOIN accounts a ON a.account_id = r.account_id WHERE a.programme_id = $1) AS returns,
    (SELECT count(*) FROM claims c WHERE c.programme_id = $1 AND c.scope = 'return') AS "return claims",
    (SELECT count(*) FROM redemptions r JOIN accounts a ON a.account_id = r.account_id WHERE a.programme_id = $1
      AND r.status = 'captured') AS redemptions,
    (SELECT count(*) FROM redemptions r JOIN accounts a ON a.account_id = r.account_id WHERE a.programme_id = $1
      AND r.status = 'authorised') AS "open holds"`;

/** Accounts whose balance is not what is open in their lots. */
const BALANCES = `SELECT count(*) AS wrong FROM accounts a
  LEFT JOIN (SELECT l.account_id, sum(l.available) AS available, sum(l.held) AS held FROM lots l GROUP BY l.account_id) s
    ON s.account_id = a.account_id
  WHERE a.programme_id = $1 AND (a.available <> coalesce(s.available, 0) OR a.held <> coalesce(s.held, 0))`;

async function balances(client: pg.Client, programme: string): Promise<void> {
  const { rows } = await client.query<{ wrong: string }>(BALANCES, [programme]);
  const wrong = Number(rows[0]?.wrong);
  if (wrong !== 0) throw new InvalidRun(`${wrong} accounts have another balance than their lots`);
}

/** Runs the engine's own verify. @returns how much it went through. @throws InvalidRun for any difference. */
async function verified({ databaseUrl, programmeId }: Stage): Promise<string> {
  const dataSource = await createDataSource(databaseUrl, { poolSize: 2 }).initialize();
  try {
    const service = new VerifyService(dataSource);
    const [row] = await dataSource.query<{ movements: string; first: string }[]>(
      `SELECT (SELECT count(*) FROM movements) AS movements,
         (SELECT a.account_id FROM accounts a OFFSET floor(random() / 2 * (SELECT count(*) FROM accounts)) LIMIT 1) AS first`,
    );
    const all = Number(row?.movements) <= VERIFIED_MOVEMENTS;
    const begun = await service.begin(programmeId as ProgrammeId);
    const state = all
      ? await service.walk({ from: begun })
      : await sampled(service, begun, uuidToId('acc', row?.first as string));
    const { clean, accounts, movements, receipts, members, differenceCount, differences } = reportOf(state);
    if (!clean) {
      const first = differences.slice(0, 5).map((difference) => JSON.stringify(difference));
      throw new InvalidRun(`verify found ${differenceCount} differences: ${first.join(', ')}`);
    }
    const part = all ? 'everything' : `a part taken at random of ${row?.movements} movements`;
    return `verify is clean on ${part} (${accounts} accounts, ${movements} movements, ${receipts} receipts, ${members} members)`;
  } finally {
    await dataSource.destroy();
  }
}

/** Goes through accounts from one on until enough movements were seen, and through some pages of the rest. */
async function sampled(service: VerifyService, begun: VerifyState, first: string): Promise<VerifyState> {
  let state: VerifyState = { ...begun, after: first };
  const enough = new AbortController();
  state = await service.walk({
    from: state,
    accountsPerPage: ACCOUNTS_PER_PAGE,
    onPage: ({ phase, counts }) => {
      if (phase !== 'accounts' || counts.movements >= VERIFIED_MOVEMENTS) enough.abort();
    },
    signal: enough.signal,
  });
  for (const phase of ['receipts', 'members'] as const) {
    let pages = 0;
    const few = new AbortController();
    const from: VerifyState = { ...state, phase, after: null };
    state = await service.walk({
      from,
      onPage: ({ phase: reached }) => {
        pages += 1;
        if (reached !== phase || pages >= SAMPLED_PAGES) few.abort();
      },
      signal: few.signal,
    });
  }
  return state;
}
