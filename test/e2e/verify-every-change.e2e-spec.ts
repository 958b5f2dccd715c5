import pg from 'pg';
import { generateKeyPairSync } from 'node:crypto';
import { uuidToId, type ProgrammeId } from '../../src/kernel/ids.js';
import type { AnchorSigning } from '../../src/integrity/index.js';
import { VerifyService } from '../../src/integrity/verify/verify.service.js';
import { IN_UTC, typeParser } from '../../src/platform/database/data-source.js';
import { signerOf } from '../../src/platform/signing/ed25519.js';
import { EverythingStory, STORY_BEGINS } from '../builders/everything-story.js';
import { changesOf, tablesOf, type ChangedTable, type SingleChange } from '../builders/single-changes.js';
import { withinTransaction } from '../builders/single-transaction.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';
import { OUTSIDE } from './outside-of-verify.js';

const anchorSigning: AnchorSigning = {
  state: 'signing',
  signer: signerOf(generateKeyPairSync('ed25519').privateKey),
};
/** A verification for each of the changes; a busy machine takes a second for one. */
const PATIENCE_MS = 1_200_000;
/** Rows that say most, where a table has several kinds; each kind where they are checked in several ways. */
const PREFERRED: Readonly<Record<string, readonly string[]>> = {
  // Nobody speaks for the account of a household that is closed, so nothing says who that would be.
  accounts: ['coalesce(x.household_size, 1) > 0'],
  claims: [
    `x.scope = 'receipt'`,
    `x.scope = 'idempotency-key'`,
    `x.scope = 'command'`,
    `x.scope = 'opening'`,
  ],
  audit_log: [`x.action LIKE 'published%'`],
  config_acts: [`x.act = 'withdrawn'`],
  tier_places: [
    `x.valid_until IS NOT NULL AND x.member_id IN (SELECT m.member_id FROM members m
    WHERE m.merged_into IS NULL AND m.status <> 'closed' AND m.account_id = m.home_account_id)`,
  ],
  qualifying_days: [
    `x.spend_minor > 0 AND x.member_id IN (
    SELECT m.member_id FROM members m WHERE m.merged_into IS NULL AND m.merged_from IS NULL)`,
  ],
};

/** Tables that the story leaves empty. */
const EMPTY = [
  'budget_notices',
  'calendar_plans',
  'dead_letters',
  'event_cursors',
  'verify_runs',
  'legacy_cursors',
  'unpublished_events',
  'tier_transitions',
];

function kindsOf(table: ChangedTable): readonly SingleChange[] {
  return (PREFERRED[table.name] ?? ['true']).flatMap((kind) => changesOf(table, kind));
}

/** Changes made behind the engine's back, one at a time, each taken back before the next. */
describe('verify after every single change', () => {
  let engine: TestEngine;
  let owner: pg.Client;
  const clock = new MovingClock(STORY_BEGINS);

  beforeAll(async () => {
    engine = await startTestEngine({ clock, anchorSigning });
    await new EverythingStory(engine, clock).tell();
    owner = new pg.Client({
      connectionString: engine.ownerUrl,
      types: { getTypeParser: typeParser as typeof pg.types.getTypeParser },
      options: IN_UTC,
    });
    await owner.connect();
    await owner.query('BEGIN');
    // As whoever owns the database could: no foreign key keeps a row from being deleted.
    await owner.query('SET LOCAL session_replication_role = replica');
    await owner.query('SAVEPOINT story');
  }, PATIENCE_MS);
  afterAll(async () => {
    await owner?.end();
    await engine?.close();
  });

  /** Makes a change. @returns whether the database let any attempt at it through and a row was changed. */
  async function made({ attempts }: SingleChange): Promise<boolean> {
    for (const attempt of attempts) {
      await owner.query('ROLLBACK TO SAVEPOINT story');
      try {
        if ((await owner.query(attempt)).rowCount === 1) return true;
      } catch (error) {
        // Not null, unique, a check, an exclusion: the database refuses it by itself.
        if (!/^23/.test((error as { code?: string }).code ?? '')) throw error;
      }
    }
    return false;
  }

  async function found(programmeId?: ProgrammeId): Promise<readonly string[]> {
    await owner.query('SAVEPOINT changed');
    const report = await new VerifyService(withinTransaction(owner, 'changed')).run(
      programmeId ? { programmeId } : {},
    );
    return report.differences.map(({ check }) => check);
  }

  it('is clean before', async () => {
    const report = await new VerifyService(withinTransaction(owner, 'story')).run();
    expect(report.differences).toEqual([]);
    for (const { name } of await tablesOf(owner)) {
      const { rows } = await owner.query(`SELECT count(*)::int AS rows FROM ${name}`);
      if (!EMPTY.includes(name)) expect([name, rows[0].rows]).not.toEqual([name, 0]);
    }
  });

  it('finds every other role of a member in a household', async () => {
    await owner.query('ROLLBACK TO SAVEPOINT story');
    const { rows } = await owner.query<{ member_id: string; household_role: string }>(
      'SELECT m.member_id, m.household_role FROM members m WHERE m.household_role IS NOT NULL',
    );
    expect(rows.map(({ household_role }) => household_role).sort()).toEqual(['adult', 'head']);
    for (const { member_id, household_role } of rows) {
      for (const role of ['head', 'adult', 'earner'].filter((other) => other !== household_role)) {
        await owner.query('ROLLBACK TO SAVEPOINT story');
        const change = 'UPDATE members SET household_role = $2 WHERE member_id = $1';
        await owner.query(change, [member_id, role]);
        expect(await found()).toContain('member.householdRole');
      }
    }
  });

  it('finds in a programme what left it for another, or what is outside anyway', async () => {
    const missed: string[] = [];
    const moved = (await tablesOf(owner)).filter(({ name, columns }) => {
      const isOwn = columns.some((column) => column.name === 'programme_id');
      return isOwn && OUTSIDE[name] === undefined && OUTSIDE[`${name} delete`] === undefined;
    });
    const [programme] = (await owner.query<{ programme_id: string }>('SELECT programme_id FROM programmes'))
      .rows;
    const programmeId = uuidToId('prg', programme?.programme_id as string);
    for (const { name } of moved) {
      await owner.query('ROLLBACK TO SAVEPOINT story');
      const row = `(SELECT x.ctid FROM ${name} x ORDER BY x.ctid LIMIT 1)`;
      await owner.query(`UPDATE ${name} SET programme_id = gen_random_uuid() WHERE ctid = ${row}`);
      if ((await found(programmeId)).length === 0) missed.push(name);
    }
    expect(moved.length).toBeGreaterThan(10);
    expect(missed).toEqual([]);
    await owner.query('ROLLBACK TO SAVEPOINT story');
    await owner.query('DELETE FROM programmes');
    expect(await found(programmeId)).toContain('programme.exists');
  });

  it(
    'finds it, or the change is on the list of what is outside',
    async () => {
      const missed: string[] = [];
      const needless: string[] = [];
      const seen = new Set<string>();
      let count = 0;
      for (const table of await tablesOf(owner)) {
        for (const change of kindsOf(table)) {
          const outside = OUTSIDE[change.name] ?? OUTSIDE[table.name];
          seen.add(change.name).add(table.name);
          if (!(await made(change))) continue;
          count += 1;
          const checks = await found();
          if (checks.length === 0 && outside === undefined) missed.push(change.name);
          if (checks.length > 0 && outside !== undefined) needless.push(`${change.name}: ${checks[0]}`);
        }
      }
      await owner.query('ROLLBACK TO SAVEPOINT story');
      expect({ missed, needless }).toEqual({ missed: [], needless: [] });
      expect(Object.keys(OUTSIDE).filter((name) => !seen.has(name))).toEqual([]);
      expect(count).toBeGreaterThan(300);
    },
    PATIENCE_MS,
  );
});
