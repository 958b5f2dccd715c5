import type { RegistrationId } from '../../kernel/ids.js';
import { formatInstant, type Instant, type LocalDate } from '../../kernel/time.js';
import type { Campaign } from './campaign.js';

/** A registration of a member as decisions know it. */
export interface KnownRegistration {
  readonly registrationId: RegistrationId;
  readonly campaignId: string;
  /** The version of the campaign when the member registered. */
  readonly version: number;
  readonly registeredAt: Instant;
  readonly businessDate: LocalDate;
  /** Null while it is in force. */
  readonly cancelledAt: Instant | null;
  readonly pointsGranted: number;
}

/** Why members cannot register at an instant; null while they can. */
export function whyNotOpen({ opensAt, closesAt }: Campaign, at: Instant): 'notOpenYet' | 'closed' | null {
  const now = formatInstant(at);
  if (now < opensAt) return 'notOpenYet';
  return now < closesAt ? null : 'closed';
}

/** The registration that is in force; undefined without one. */
export function registrationInForce(
  registrations: readonly KnownRegistration[],
): KnownRegistration | undefined {
  return registrations.find(({ cancelledAt }) => cancelledAt === null);
}

/**
 * Whether what occurred at an instant counts for a campaign: within it, and under a registration that was in force
 * then. From when on a registration counts is the campaign's to say.
 */
export function countsFor(
  { startsAt, endsAt, countsFrom }: Campaign,
  registrations: readonly KnownRegistration[],
  at: Instant,
): boolean {
  const occurred = formatInstant(at);
  if (occurred < startsAt || occurred >= endsAt) return false;
  return registrations.some(
    ({ registeredAt, cancelledAt }) =>
      (countsFrom === 'start' || at >= registeredAt) && (cancelledAt === null || at < cancelledAt),
  );
}
