import type { DomainEventOf } from '../kernel/domain-events.js';
import { AUDIT_LOG, auditRow } from '../platform/audit/audit-log.table.js';
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
    for (const { data, actor, recordedAt: at, accountId, programmeId } of entries) {
      sink.add(AUDIT_LOG, accountId, auditRow({ ...data, actor, at, accountId, programmeId, kept: null }));
    }
  },
};
