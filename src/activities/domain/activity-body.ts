import type { ActivityId } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/time.js';

/** An activity as it was reported, checked in form. */
export interface ActivityBody {
  /** Key of its type. */
  readonly type: string;
  readonly source: string;
  readonly externalId: string;
  readonly occurredAt: Instant;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** As what the caller may report it; no part of what the request says. */
  readonly reporters: readonly string[];
}

/** Which activity is cancelled, and why. */
export interface CancelActivityBody {
  readonly activityId: ActivityId;
  readonly reason: string | null;
  /** When it occurred: the limits of that day get something back. */
  readonly measuresAt: Instant;
}
