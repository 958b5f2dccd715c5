/**
 * What an entry of the audit log can say was done. Every writer takes its action from this list; docs/api.md has the
 * same list. Migrations write `key.scopes_kept`, `key.line_noted` and `key.scopes_joined`.
 */
export const AUDITED_ACTIONS = [
  'draft.saved',
  'draft.discarded',
  'published',
  'version.withdrawn',
  'rule.paused',
  'rule.resumed',
  'change.requested',
  'change.applied',
  'change.rejected',
  'change.lapsed',
  'change.withdrawn',
  'stock.added',
  'key.created',
  'key.revoked',
  'key.scopes_kept',
  'key.line_noted',
  'key.scopes_joined',
  'programme.created',
  'adjustment.requested',
  'adjustment.posted',
  'adjustment.approved',
  'adjustment.rejected',
  'adjustment.continued',
  'member.changed',
  'member.suspended',
  'member.reactivated',
  'member.closed',
  'member.merged',
  'household.joined',
  'household.left',
  'household.roleChanged',
  'deadLetter.retried',
  'deadLetter.discarded',
  'activity.cancelled',
  'openings.broughtIn',
  'job.requested',
] as const;

export type AuditedAction = (typeof AUDITED_ACTIONS)[number];
