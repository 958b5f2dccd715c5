import type { VersionRef } from '../../kernel/domain-events.js';
import type { RegistrationId } from '../../kernel/ids.js';
import type { Instant, LocalDate } from '../../kernel/time.js';

/** A registration of a member for a campaign, as it is recorded. */
export interface RegistrationFacts {
  readonly registrationId: RegistrationId;
  /** Key of the campaign, and its version then. */
  readonly campaign: VersionRef;
  readonly registeredAt: Instant;
  /** The business day in the programme's zone, on which a place is counted. */
  readonly businessDate: LocalDate;
}
