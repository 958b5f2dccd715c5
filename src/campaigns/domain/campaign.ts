import type { Wording } from '../../kernel/wording.js';

/** Scopes of which a key must have one to register a member; `activities` is the web shop's. */
export const REGISTRARS = ['pos', 'admin', 'activities'] as const;
export type Registrar = (typeof REGISTRARS)[number];

/** How many members may be registered at the same time; null: any number. */
export interface Places {
  readonly inAll: number | null;
  /** Of those who registered on one local day. */
  readonly perDay: number | null;
}

/**
 * A published campaign that members register for. The last version counts, whatever a receipt is of: a campaign that
 * goes on longer does so for all that registered. Instants are RFC 3339 in UTC with milliseconds, so they compare as
 * text; ends are exclusive.
 */
export interface Campaign {
  readonly names: Wording;
  /** When members may register. */
  readonly opensAt: string;
  readonly closesAt: string;
  /** Of when receipts count. */
  readonly startsAt: string;
  readonly endsAt: string;
  /** Whether receipts of before the registration count, too, from the start of the campaign on. */
  readonly countsFrom: 'registration' | 'start';
  readonly registeredBy: readonly Registrar[];
  readonly places: Places;
}
