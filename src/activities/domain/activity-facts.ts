import type { LotPoints, VersionRef } from '../../kernel/domain-events.js';
import type { ActivityId } from '../../kernel/ids.js';
import type { Points } from '../../kernel/points.js';
import type { Instant, LocalDate } from '../../kernel/time.js';

/** Something that a member did and that is no sale, as it is recorded. */
export interface ActivityFacts {
  readonly activityId: ActivityId;
  /** Key of its type, and the version that it was checked by. */
  readonly type: VersionRef;
  /** The system that numbers it; with `externalId` it is unique for ever. */
  readonly source: string;
  readonly externalId: string;
  readonly occurredAt: Instant;
  /** The business day in the programme's zone. */
  readonly businessDate: LocalDate;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What cancelling an activity did to its points. */
export interface ActivityCancellation {
  readonly reason: string | null;
  /** Points that left the account, the activity's own and those that filled the debt at once, by lot. */
  readonly takenFrom: readonly LotPoints[];
  readonly pointsTaken: Points;
  /** Had expired or was cancelled before: there was nothing to take. */
  readonly gone: Points;
  /** By how much the account's debt grew. */
  readonly debt: Points;
  readonly forgiven: Points;
}
