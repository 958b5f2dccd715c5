import type { MigrationInterface, QueryRunner } from 'typeorm';
import { idToUuid, isId, uuidToId } from '../src/kernel/ids.js';
import { APPLICATION_ROLE } from './1764000000001-application-role.js';

interface KeyRow {
  readonly key_id: string;
  readonly programme_id: string;
  readonly scopes: readonly string[];
  readonly created_by: string | null;
}

/** What the scopes of before could do is several scopes now. */
const SPLIT: Readonly<Record<string, readonly string[]>> = {
  pos: ['members', 'transfers'],
  admin: ['keys', 'limits'],
};

/**
 * Keys know the first key of their line, by which a checker is told from the maker, and keep what they could do
 * before scopes were split. What a line posted of a reason's limit by itself is counted by day.
 */
export class LinesOfKeys1764000000260 implements MigrationInterface {
  name = 'LinesOfKeys1764000000260';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE api_keys ADD COLUMN line_key_id uuid`);
    const keys = await allKeys(runner);
    for (const key of keys) {
      const added = key.scopes.flatMap((scope) => SPLIT[scope] ?? []);
      const scopes = [...new Set([...key.scopes, ...added])];
      await runner.query(`UPDATE api_keys k SET line_key_id = $2, scopes = $3 WHERE k.key_id = $1`, [
        ...[key.key_id, lineOf(key, keys), scopes],
      ]);
      await note(runner, key, {
        action: added.length > 0 ? 'key.scopes_kept' : 'key.line_noted',
        before: { scopes: key.scopes },
        after: { scopes },
        record: `${OLD_RECORD}, k.created_by, k.line_key_id`,
      });
    }
    await runner.query(`ALTER TABLE api_keys ALTER COLUMN line_key_id SET NOT NULL`);
    await runner.query(USES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE approval_uses`);
    for (const key of await allKeys(runner)) {
      const scopes = key.scopes.filter((scope) => !Object.values(SPLIT).flat().includes(scope));
      const kept = scopes.length > 0 ? scopes : ['pos'];
      await runner.query(`UPDATE api_keys k SET scopes = $2 WHERE k.key_id = $1`, [key.key_id, kept]);
      await note(runner, key, {
        action: 'key.scopes_joined',
        before: { scopes: key.scopes },
        after: { scopes: kept },
        record: OLD_RECORD,
      });
    }
    await runner.query(`ALTER TABLE api_keys DROP COLUMN line_key_id`);
  }
}

const OLD_RECORD = `k.key_id, k.programme_id, k.name, k.scopes::text, k.hash, k.hint, k.created_at, k.expires_at,
  k.revoked_at`;

async function allKeys(runner: QueryRunner): Promise<readonly KeyRow[]> {
  return (await runner.query(
    `SELECT k.key_id, k.programme_id, k.scopes, k.created_by FROM api_keys k ORDER BY k.created_at, k.key_id`,
  )) as readonly KeyRow[];
}

/** Keys whose maker is not known may come of each other, so those of a programme count as one line. */
function lineOf(key: KeyRow, keys: readonly KeyRow[]): string {
  let first = key;
  const seen = new Set<string>();
  while (first.created_by !== null && isId('key', first.created_by) && !seen.has(first.key_id)) {
    seen.add(first.key_id);
    const maker = idToUuid(first.created_by);
    first = keys.find(({ key_id }) => key_id === maker) ?? { ...first, key_id: maker, created_by: 'gone' };
  }
  if (first.created_by !== null) return first.key_id;
  const unknown = keys.find(
    (other) => other.created_by === null && other.programme_id === first.programme_id,
  );
  return (unknown ?? first).key_id;
}

/** The next link of the programme's chain, with the key's digest as it is now. */
async function note(
  runner: QueryRunner,
  { key_id, programme_id }: KeyRow,
  entry: {
    readonly action: string;
    readonly before: object;
    readonly after: object;
    readonly record: string;
  },
): Promise<void> {
  await runner.query(
    `WITH entry AS (
       SELECT gen_random_uuid() AS audit_id, k.programme_id, now() AS at, 'migration'::text AS actor,
         $2::text AS action, $3::text AS subject, $4::json AS before, $5::json AS after, k.key_id,
         sha256(substr(record_send(ROW(${entry.record})), 5)) AS record
       FROM api_keys k WHERE k.key_id = $1),
     chain AS (
       UPDATE programmes p SET audit_seq = p.audit_seq + 1,
         audit_head = sha256(p.audit_head || substr(record_send(ROW(p.audit_seq + 1, e.audit_id, e.programme_id, e.at,
           e.actor, e.action, e.subject, e.before, e.after, e.key_id, e.record)), 5))
       FROM entry e WHERE p.programme_id = $6::uuid RETURNING p.audit_seq)
     INSERT INTO audit_log (audit_id, programme_id, at, actor, action, subject, before, after, subject_id, record,
       sequence, seal)
     SELECT e.audit_id, e.programme_id, e.at, e.actor, e.action, e.subject, e.before, e.after, e.key_id, e.record,
       chain.audit_seq, 11 FROM entry e, chain`,
    [
      ...[key_id, entry.action, uuidToId('key', key_id)],
      ...[JSON.stringify(entry.before), JSON.stringify(entry.after), programme_id],
    ],
  );
}

/** The number makes two adjustments at once of one line notice each other: only one of them is written. */
const USES = `
  CREATE TABLE approval_uses (
    programme_id uuid NOT NULL,
    reason_id text NOT NULL,
    line_key_id uuid NOT NULL,
    day date NOT NULL,
    sequence int NOT NULL,
    points bigint NOT NULL CHECK (points > 0),
    account_id uuid NOT NULL,
    adjustment_id uuid NOT NULL,
    seal int,
    PRIMARY KEY (programme_id, reason_id, line_key_id, day, sequence)
  );
  CREATE INDEX approval_uses_account ON approval_uses (account_id);
  GRANT SELECT, INSERT ON approval_uses TO ${APPLICATION_ROLE};`;
