import type { EntityManager } from 'typeorm';
import type { AuditedAction } from '../../kernel/audited-actions.js';

/** An entry of the audit log about a change outside of commands. */
export interface NewAuditEntry {
  readonly auditId: string;
  readonly programmeId: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: AuditedAction;
  readonly subject: string;
  readonly before: unknown;
  readonly after: unknown;
  /** The member it is about. */
  readonly memberId?: string;
  /** The id of the row that the entry is about, where it has one. */
  readonly subjectId?: string;
  /** Digest of that row after the change; null where it is gone or none is kept. */
  readonly record: Buffer | null;
}

/** How many columns the link of an entry covers, its number first. */
const SEAL = 12;

/** Adds an entry in the caller's transaction: the next link of the programme's chain. */
export async function appendAudit(manager: EntityManager, entry: NewAuditEntry): Promise<void> {
  await manager.query(
    `WITH chain AS (
       UPDATE programmes p SET audit_seq = p.audit_seq + 1,
         audit_head = sha256(p.audit_head || substr(record_send(ROW(p.audit_seq + 1, $1::uuid, $2::uuid,
           $3::timestamptz, $4::text, $5::text, $6::text, $7::json, $8::json, $9::uuid, $10::bytea, $11::uuid)), 5))
       WHERE p.programme_id = $2 RETURNING p.audit_seq)
     INSERT INTO audit_log (audit_id, programme_id, at, actor, action, subject, before, after, subject_id, record,
       member_id, sequence, seal)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, chain.audit_seq, ${SEAL} FROM chain`,
    [
      ...[entry.auditId, entry.programmeId, entry.at, entry.actor, entry.action, entry.subject],
      ...[
        jsonOf(entry.before),
        jsonOf(entry.after),
        entry.subjectId ?? null,
        entry.record,
        entry.memberId ?? null,
      ],
    ],
  );
}

/** The digest of one row: that over `record`, columns in SQL, of the row that `from` finds. */
export async function recordDigest(
  manager: EntityManager,
  { record, from }: { readonly record: string; readonly from: string },
  values: readonly unknown[],
): Promise<Buffer | null> {
  const sql = `SELECT ${digestSql(record)} AS digest FROM ${from}`;
  const [row] = await manager.query<{ digest: Buffer }[]>(sql, [...values]);
  return row?.digest ?? null;
}

/** SQL for the digest over some columns: SHA-256 over what `record_send` writes, without the number of columns. */
export function digestSql(columns: string): string {
  return `sha256(substr(record_send(ROW(${columns})), 5))`;
}

function jsonOf(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}
