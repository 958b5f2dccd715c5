import { uuidToId, type ProgrammeId } from '../../kernel/ids.js';
import { endOfDay, localDate, type Instant } from '../../kernel/time.js';
import { EMPTY_SUM } from '../../kernel/record-sum.js';
import { digestSql } from '../../platform/audit/audit.store.js';
import { shardSql } from '../../platform/audit/account-roll.store.js';
import {
  CHANGE_REQUEST_RECORD,
  CONFIG_ACT_RECORD,
  CONFIG_RECORD,
  KEY_RECORD,
  PROGRAMME_RECORD,
} from '../../platform/audit/record-columns.js';
import type { Snapshot } from '../../platform/database/snapshot.js';
import { BUDGET_CHECKS } from './budget-check.query.js';
import { CAMPAIGN_CHECKS } from './campaign-check.query.js';
import { compare, type Difference } from './difference.js';
import { link } from './event-chain.query.js';

/** Entries fetched at once while streaming. */
const BATCH = 1000;

/** The next programme after `$2`, of all or the given one. */
export const NEXT_PROGRAMME = `SELECT p.programme_id, encode(p.audit_head, 'hex') AS audit_head, p.audit_seq::text AS audit_seq,
    p.config_revision::text AS config_revision,
    p.uncounted_accounts::text || ' accounts, ' || p.unchained_entries || ' entries' AS noted_unsealed,
    (SELECT count(*) FROM accounts a WHERE a.programme_id = p.programme_id AND a.counted IS NOT TRUE)::text || ' accounts, '
      || (SELECT count(*) FROM audit_log l
        WHERE l.programme_id = p.programme_id AND l.sequence IS NULL AND l.sealed_by IS NULL) || ' entries' AS unsealed,
    ((SELECT count(*) FROM config_versions c WHERE c.programme_id = p.programme_id AND c.status = 'published')
      + (SELECT count(*) FROM config_acts x WHERE x.programme_id = p.programme_id))::text AS published,
    p.time_zone, p.anchored_until AS until, p.anchored_until::text AS anchored_until,
    c.last AS cut_off, c.last::text AS last_cut_off
  FROM programmes p
    LEFT JOIN LATERAL (SELECT max(x.cut_off) AS last FROM anchors x WHERE x.programme_id = p.programme_id) c ON true
  WHERE ($1::uuid IS NULL OR p.programme_id = $1) AND ($2::uuid IS NULL OR p.programme_id > $2)
  ORDER BY p.programme_id LIMIT 1`;

/** What the first links of the chain covered. */
const LINK = `x.sequence, x.audit_id, x.programme_id, x.at, x.actor, x.action, x.subject, x.before, x.after,
    x.subject_id, x.record`;

/** The entries of the audit log that were written outside of commands, in the order of their chain. */
const ENTRIES = `SELECT CASE WHEN x.sealed_by IS NOT NULL THEN NULL
      WHEN x.seal = 11 AND x.member_id IS NULL THEN substr(record_send(ROW(${LINK})), 5)
      WHEN x.seal = 12 THEN substr(record_send(ROW(${LINK}, x.member_id)), 5) END AS bytes
  FROM audit_log x WHERE x.programme_id = $1 AND x.sequence IS NOT NULL ORDER BY x.sequence`;

/** Accounts that are there, against those that were counted when they were opened. */
const ROLLS = `SELECT coalesce(r.shard, c.shard) AS shard, coalesce(r.accounts, 0)::text AS counted,
    coalesce(c.accounts, 0)::text AS accounts
  FROM (SELECT x.* FROM account_rolls x WHERE x.programme_id = $1) r
  FULL JOIN (SELECT ${shardSql('a.account_id')} AS shard, count(*) AS accounts FROM accounts a
    WHERE a.programme_id = $1 AND a.counted GROUP BY 1) c ON c.shard = r.shard
  WHERE r.shard IS NULL OR coalesce(r.accounts, 0) <> coalesce(c.accounts, 0)
  UNION ALL
  SELECT NULL, '16 rows', count(*) || ' rows' FROM account_rolls x WHERE x.programme_id = $1
  HAVING count(*) NOT IN (0, 16)`;

const last = (condition: string): string => `LEFT JOIN LATERAL (SELECT l.sequence, l.record FROM audit_log l
    WHERE l.programme_id = $1 AND ${condition} ORDER BY l.sequence DESC NULLS LAST LIMIT 1) e ON true`;

/** Rows that are not as the last entry about them left them. An entry of before has no number and no digest. */
const changed = (digest: string): string =>
  `(NOT e.found OR (e.sequence IS NOT NULL AND e.record IS DISTINCT FROM ${digest}))`;

const CONFIGURATION = `SELECT 'config' AS what, v.kind || '/' || v.key || '@' || v.version AS subject
  FROM (SELECT c.kind, c.key, c.version, ${digestSql(CONFIG_RECORD)} AS digest FROM config_versions c
    WHERE c.programme_id = $1) v
  LEFT JOIN (SELECT DISTINCT ON (l.subject) l.subject, l.sequence, l.record, true AS found FROM audit_log l
    WHERE l.programme_id = $1 AND l.sealed_by IS NULL ORDER BY l.subject, l.sequence DESC NULLS LAST) e
    ON e.subject = v.kind || '/' || v.key || '@' || v.version
  WHERE ${changed('v.digest').replace('NOT e.found', 'e.found IS NULL')}
  UNION ALL
  SELECT 'config', e.subject FROM (SELECT DISTINCT ON (l.subject) l.subject, l.record FROM audit_log l
    WHERE l.programme_id = $1 AND l.sequence IS NOT NULL AND l.subject LIKE '%@%'
    ORDER BY l.subject, l.sequence DESC) e
  WHERE e.record IS NOT NULL AND NOT EXISTS (SELECT FROM config_versions c
    WHERE c.programme_id = $1 AND e.subject = c.kind || '/' || c.key || '@' || c.version)`;

const KEYS = `SELECT 'key' AS what, v.key_id::text AS subject
  FROM (SELECT k.key_id, ${digestSql(KEY_RECORD)} AS digest FROM api_keys k WHERE k.programme_id = $1) v
  ${last('l.subject_id = v.key_id')}
  WHERE (e.sequence IS NOT NULL AND e.record IS DISTINCT FROM v.digest)
  UNION ALL
  SELECT 'key', l.subject_id::text FROM audit_log l
  WHERE l.programme_id = $1 AND l.action = 'key.created' AND l.subject_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM api_keys k WHERE k.key_id = l.subject_id AND k.programme_id = $1)
  UNION ALL
  SELECT 'key', k.key_id::text FROM api_keys k WHERE k.programme_id = $1 AND k.created_at > (
      SELECT min(l.at) FROM audit_log l WHERE l.programme_id = $1 AND l.sequence IS NOT NULL)
    AND NOT EXISTS (SELECT FROM audit_log l WHERE l.subject_id = k.key_id)`;

/** Each act has one entry, and each entry its act. */
const ACTS = `SELECT 'act' AS what, v.act_id::text AS subject
  FROM (SELECT x.act_id, ${digestSql(CONFIG_ACT_RECORD)} AS digest FROM config_acts x WHERE x.programme_id = $1) v
  ${last('l.subject_id = v.act_id')}
  WHERE e.record IS DISTINCT FROM v.digest
  UNION ALL
  SELECT 'act', l.subject_id::text FROM audit_log l
  WHERE l.programme_id = $1 AND l.action IN ('version.withdrawn', 'rule.paused', 'rule.resumed')
    AND NOT EXISTS (SELECT FROM config_acts x WHERE x.act_id = l.subject_id AND x.programme_id = $1)`;

/** Each request is as its last entry left it. */
const REQUESTS = `SELECT 'change' AS what, v.request_id::text AS subject
  FROM (SELECT x.request_id, ${digestSql(CHANGE_REQUEST_RECORD)} AS digest FROM change_requests x
    WHERE x.programme_id = $1) v
  ${last('l.subject_id = v.request_id')}
  WHERE e.record IS DISTINCT FROM v.digest
  UNION ALL
  SELECT 'change', l.subject_id::text FROM audit_log l
  WHERE l.programme_id = $1 AND l.action = 'change.requested'
    AND NOT EXISTS (SELECT FROM change_requests x WHERE x.request_id = l.subject_id AND x.programme_id = $1)`;

const PROGRAMME = `SELECT 'programme' AS what, v.programme_id::text AS subject
  FROM (SELECT p.programme_id, ${digestSql(PROGRAMME_RECORD)} AS digest FROM programmes p WHERE p.programme_id = $1) v
  ${last('l.subject_id = v.programme_id')}
  WHERE e.sequence IS NOT NULL AND e.record IS DISTINCT FROM v.digest`;

/** The programme under way: what its row says. */
export interface ProgrammeRow {
  readonly programmeId: ProgrammeId;
  readonly uuid: string;
  readonly auditHead: string;
  readonly auditSequence: string;
  readonly configRevision: string;
  readonly published: string;
  /** Accounts and entries of before, which no roll and no chain covers: as noted, and as they are. */
  readonly notedUnsealed: string;
  readonly unsealed: string;
  readonly anchoredUntil: string | null;
  readonly lastCutOff: string | null;
  /** Whether recording ended with a day that is to be anchored next: it is noted before the anchor is made. */
  readonly isAnchoring: boolean;
}

type SumCheck = 'budget.used' | 'budget.left' | 'campaign.places' | 'campaign.registration';

/** What is wrong with a programme by itself: its configuration, its keys, its audit log and the number of accounts. */
export async function checkProgramme(
  snapshot: Snapshot,
  programme: ProgrammeRow,
): Promise<readonly Difference[]> {
  const { programmeId, uuid, configRevision, published } = programme;
  const subject = { programmeId };
  const found: Difference[] = [
    ...compare(subject, 'programme.revision', published, configRevision),
    ...compare(subject, 'programme.unsealed', programme.notedUnsealed, programme.unsealed),
    ...(programme.isAnchoring
      ? []
      : compare(subject, 'programme.anchoredUntil', programme.lastCutOff, programme.anchoredUntil)),
  ];
  let head = EMPTY_SUM;
  let entries = 0;
  for await (const rows of snapshot.batches(ENTRIES, [uuid], BATCH)) {
    for (const row of rows) head = link(head, row['bytes'] as Buffer | null);
    entries += rows.length;
  }
  found.push(...compare(subject, 'programme.audit', head, programme.auditHead));
  found.push(...compare(subject, 'programme.audit', entries, programme.auditSequence));
  for (const row of await snapshot.query(ROLLS, [uuid])) {
    found.push(
      ...compare(subject, 'programme.accounts', row['counted'] as string, row['accounts'] as string),
    );
  }
  for (const sql of [...BUDGET_CHECKS, ...CAMPAIGN_CHECKS]) {
    for (const row of await snapshot.query(sql, [uuid])) {
      const { what, of, expected, actual } = row as Record<string, string>;
      const check = what as SumCheck;
      found.push(...compare(subject, check, `${of}: ${expected}`, `${of}: ${actual}`));
    }
  }
  for (const sql of [CONFIGURATION, ACTS, REQUESTS, KEYS, PROGRAMME]) {
    for (const row of await snapshot.query(sql, [uuid])) {
      const check = `${row['what'] as 'config' | 'act' | 'change' | 'key' | 'programme'}.record` as const;
      found.push({
        ...subject,
        check,
        expected: 'as the audit log has it',
        actual: row['subject'] as string,
      });
    }
  }
  return found;
}

/** Reads a row of `NEXT_PROGRAMME`. */
export function readProgramme(row: Readonly<Record<string, unknown>>): ProgrammeRow {
  const uuid = row['programme_id'] as string;
  return {
    programmeId: uuidToId('prg', uuid),
    uuid,
    auditHead: row['audit_head'] as string,
    auditSequence: row['audit_seq'] as string,
    configRevision: row['config_revision'] as string,
    published: row['published'] as string,
    notedUnsealed: row['noted_unsealed'] as string,
    unsealed: row['unsealed'] as string,
    anchoredUntil: row['anchored_until'] as string | null,
    lastCutOff: row['last_cut_off'] as string | null,
    isAnchoring: isAnchoring(
      (row['until'] as Date | null)?.getTime() ?? null,
      (row['cut_off'] as Date | null)?.getTime() ?? null,
      row['time_zone'] as string,
    ),
  };
}

function isAnchoring(until: Instant | null, lastCutOff: Instant | null, timeZone: string): boolean {
  if (until === null || (lastCutOff !== null && until <= lastCutOff)) return false;
  return until === endOfDay(localDate(until - 1, timeZone), timeZone);
}
