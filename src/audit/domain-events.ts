import type { AuditedAction } from '../kernel/audited-actions.js';
import type { Id, MemberId } from '../kernel/ids.js';

declare module '../kernel/domain-events.js' {
  /** What this module emits inside a decision. */
  interface DomainEventMap {
    /** An entry for the audit log about what the command does. */
    'act.audited': {
      readonly auditId: Id<'adt'>;
      readonly action: AuditedAction;
      /** What was acted on: an id, or `kind/id`. */
      readonly subject: string;
      /** The member whom it concerns. */
      readonly memberId: MemberId;
      readonly before: unknown;
      readonly after: unknown;
    };
  }
}
