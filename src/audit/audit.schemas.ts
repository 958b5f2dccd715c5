import { instant, nullable, object, page, ref, text } from '../kernel/json-schema.js';

/** What the audit log answers, by name. */
export const auditSchemas = {
  AuditEntry: object({
    id: text,
    at: instant,
    actor: text,
    action: text,
    subject: text,
    memberId: nullable(text),
    before: {},
    after: {},
  }),
  AuditEntries: page(ref('AuditEntry')),
};
