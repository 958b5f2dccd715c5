import type { AuditedAction } from '../../kernel/audited-actions.js';
import type { AccountId, Id, MemberId } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/time.js';
import { SEAL, type Table } from '../pipeline/index.js';

/** Entries that commands write; those of changes outside of commands are a chain (`audit.store.ts`). */
export const AUDIT_LOG: Table = {
  name: 'audit_log',
  mode: 'insert',
  sealed: true,
  key: ['audit_id'],
  accountScoped: false,
  columns: [
    { name: 'audit_id', type: 'id' },
    { name: 'programme_id', type: 'id' },
    { name: 'at', type: 'instant' },
    { name: 'actor', type: 'text' },
    { name: 'action', type: 'text' },
    { name: 'subject', type: 'text' },
    { name: 'before', type: 'json' },
    { name: 'after', type: 'json' },
    { name: 'subject_id', type: 'id' },
    // Digest of the subject's row after the step, where one is kept.
    { name: 'record', type: 'bytea' },
    { name: 'sealed_by', type: 'id' },
    { name: 'member_id', type: 'id' },
    SEAL,
  ],
};

/** An entry that a command writes about an account. */
export interface CommandEntry {
  readonly auditId: Id<'adt'>;
  readonly programmeId: string;
  readonly accountId: AccountId;
  readonly memberId: MemberId;
  readonly at: Instant;
  readonly actor: string;
  readonly action: AuditedAction;
  readonly subject: string;
  readonly before: unknown;
  readonly after: unknown;
  /** The id of the row that the entry is about, and the digest of that row after the step; null where none is kept. */
  readonly kept: { readonly id: string; readonly digest: unknown } | null;
}

/** The row of an entry, for `AUDIT_LOG`. */
export function auditRow(entry: CommandEntry): Readonly<Record<string, unknown>> {
  return {
    audit_id: entry.auditId,
    programme_id: entry.programmeId,
    at: entry.at,
    actor: entry.actor,
    action: entry.action,
    subject: entry.subject,
    before: entry.before,
    after: entry.after,
    subject_id: entry.kept?.id ?? null,
    record: entry.kept?.digest ?? null,
    sealed_by: entry.accountId,
    member_id: entry.memberId,
  };
}
