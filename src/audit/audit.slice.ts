import type { DomainEventOf } from '../kernel/domain-events.js';
import type { AccountId } from '../kernel/ids.js';
import { AUDIT_LOG } from '../platform/audit/audit-log.table.js';
import type { AccountSlice } from '../platform/pipeline/index.js';

type Entry = DomainEventOf<'act.audited'> & { readonly programmeId: string };

const NOTHING: readonly Entry[] = [];

/** Entries of the audit log that a batch writes about an account. */
export const auditSlice: AccountSlice<readonly Entry[]> = {
  scope: 'account',
  name: 'audit',
  columns: [],
  read: () => NOTHING,
  afterWrite: () => NOTHING,
  apply: (entries, event, { programmeId }) =>
    event.type === 'act.audited' ? [...entries, { ...event, programmeId }] : entries,
  rows: (entries, sink) => {
    for (const { data, actor, recordedAt, accountId, programmeId } of entries) {
      sink.add(AUDIT_LOG, accountId, rowOf(data, { actor, recordedAt, accountId, programmeId }));
    }
  },
};

function rowOf(
  { auditId, action, subject, before, after }: Entry['data'],
  about: {
    readonly actor: string;
    readonly recordedAt: number;
    readonly accountId: AccountId;
    readonly programmeId: string;
  },
): Readonly<Record<string, unknown>> {
  return {
    audit_id: auditId,
    programme_id: about.programmeId,
    at: about.recordedAt,
    actor: about.actor,
    action,
    subject,
    before,
    after,
    subject_id: null,
    record: null,
    sealed_by: about.accountId,
    member_id: subject,
  };
}
