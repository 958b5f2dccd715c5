import type { RegistrationId } from '../../kernel/ids.js';
import type { Instant, LocalDate } from '../../kernel/time.js';

/** Which campaign a member is registered for. */
export interface RegisterBody {
  readonly campaignId: string;
  /** As what the caller may register members; no part of what the request says. */
  readonly registrars: readonly string[];
  /** The local day of the request, of which and of the next places are loaded; no part of it either. */
  readonly day: LocalDate;
}

/** Which registration is cancelled, and why. */
export interface CancelRegistrationBody {
  readonly campaignId: string;
  readonly registrationId: RegistrationId;
  readonly reason: string | null;
  /** When the member registered: the limits of that day get something back. */
  readonly measuresAt: Instant;
}
