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
