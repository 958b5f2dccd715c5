import type { Instant } from '../../kernel/time.js';

/** `merged`: turned out to be another member, who carries on. */
export type MemberStatus = 'active' | 'suspended' | 'closed' | 'merged';

/** A status and the instant it began. */
export type StatusChange = readonly [status: MemberStatus, at: Instant];

/** How many of a member's status changes are kept, the latest. */
export const MAX_STATUS_CHANGES = 100;

/** The changes with one more, earliest first; the same where the status is the one there was. */
export function withStatus(
  changes: readonly StatusChange[],
  before: MemberStatus,
  status: MemberStatus,
  at: Instant,
): readonly StatusChange[] {
  return status === before ? changes : [...changes, [status, at] as const].slice(-MAX_STATUS_CHANGES);
}

/**
 * The status that applies to a fact which occurred at an instant: the status of that instant. A closed membership takes
 * nothing any more, whenever it occurred.
 * @param changes earliest first; none where the status never changed, as far as is known.
 */
export function statusAt(status: MemberStatus, changes: readonly StatusChange[], at: Instant): MemberStatus {
  const [first] = changes;
  if (status === 'closed' || status === 'merged' || !first) return status;
  const last = changes.filter(([, since]) => since <= at).at(-1);
  // Only a suspended member becomes active, and only an active one is suspended.
  if (!last) return first[0] === 'active' ? 'suspended' : 'active';
  return last[0];
}
