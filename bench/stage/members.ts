import pg from 'pg';
import { idToUuid, uuidToId } from '../../src/kernel/ids.js';
import { UuidV7Source } from '../../src/platform/ids/uuid-v7-source.js';
import { PUBLISH_EVENTS } from './publish-events.js';

/** Members written by one statement. */
const CHUNK = 10_000;

/**
 * Enrols the members `m-1` to `m-(count - 1)` as the engine enrolled `m-0`: a copy of each of its rows, with ids of
 * their own, so that no column is named here but those that differ. Ids ascend, as the engine's do.
 *
 * @param programme the programme's uuid
 */
export async function enrolLikeFirst(databaseUrl: string, programme: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (let from = 1; from < count; from += CHUNK) {
      await client.query('BEGIN');
      await enrol(client, programme, from, Math.min(count, from + CHUNK));
      await client.query('COMMIT');
    }
    await client.query(UNCOUNTED, [programme]);
    for (const statement of PUBLISH_EVENTS) await client.query(statement);
    await client.query('VACUUM (ANALYZE) members, member_identities, accounts, events, event_positions');
  } finally {
    await client.end();
  }
}

async function enrol(client: pg.Client, programme: string, from: number, to: number): Promise<void> {
  const ids = new UuidV7Source({ now: () => Date.now() });
  const members = Array.from({ length: to - from }, (_, offset) => {
    const member = ids.next('mbr');
    return {
      name: `m-${from + offset}`,
      member: idToUuid(member),
      account: idToUuid(ids.next('acc')),
      event: idToUuid(ids.next('evt')),
      text: uuidToId('mbr', idToUuid(member)),
    };
  });
  await client.query(
    `CREATE TEMP TABLE enrolled ON COMMIT DROP AS
     SELECT * FROM json_to_recordset($1) AS e(name text, member uuid, account uuid, event uuid, text text)`,
    [JSON.stringify(members)],
  );
  for (const [table, where, changes] of COPIES) {
    await client.query(
      `INSERT INTO ${table}
       SELECT (jsonb_populate_record(t, jsonb_build_object(${changes}))).*
       FROM enrolled e, ${table} t WHERE ${where}`,
      [programme],
    );
  }
}

const FIRST = `(SELECT i.%s FROM member_identities i
  WHERE i.programme_id = $1 AND i.type = 'externalId' AND i.value = 'm-0')`;
const MEMBER = FIRST.replace('%s', 'member_id');
const ACCOUNT = FIRST.replace('%s', 'account_id');

const UNCOUNTED = `UPDATE programmes p SET uncounted_accounts = (SELECT count(*) FROM accounts a
    WHERE a.programme_id = p.programme_id AND a.counted IS NOT TRUE)
  WHERE p.programme_id = $1`;

const EMPTY = `'\\x' || repeat('00', 32)`;

/** Each table an enrolment writes, the row of it that is copied, and what differs in the copy. */
const COPIES = [
  [
    'members',
    `t.member_id = ${MEMBER}`,
    `'member_id', e.member, 'account_id', e.account, 'home_account_id', e.account, 'external_id', e.name`,
  ],
  // The rolls and the chain know of the first alone: the copies are as accounts of before seals.
  [
    'accounts',
    `t.account_id = ${ACCOUNT}`,
    `'account_id', e.account, 'head_member_id', e.member, 'counted', NULL, 'event_head', ${EMPTY}, 'record_sum', ${EMPTY}`,
  ],
  [
    'member_identities',
    `t.member_id = ${MEMBER}`,
    `'value', e.name, 'member_id', e.member, 'account_id', e.account`,
  ],
  [
    'events',
    `t.account_id = ${ACCOUNT}`,
    `'account_id', e.account, 'event_id', e.event, 'member_id', e.member, 'seal', NULL, 'record', NULL,
     'data', t.data::jsonb || jsonb_build_object('memberId', e.text, 'externalId', e.name)`,
  ],
] as const;
