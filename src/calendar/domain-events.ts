import type { GiftId } from '../kernel/ids.js';
import type { Instant, LocalDate } from '../kernel/time.js';
import type { VersionRef } from '../kernel/version-ref.js';

/** An anniversary for which a rule gives points. */
export interface GiftFacts {
  readonly rule: VersionRef;
  readonly on: 'birthday' | 'enrolment';
  readonly day: LocalDate;
  /** Years since the date. */
  readonly years: number;
}

declare module '../kernel/domain-events.js' {
  /** What this module emits inside a decision. */
  interface DomainEventMap {
    /** An anniversary of the member was looked at: which rules give for it, and when the next one comes. */
    'calendar.dayCame': {
      readonly gifts: readonly GiftFacts[];
      /** Exclusive: what fell due before it was looked at. */
      readonly lookedUntil: Instant;
      /** Null where none comes. */
      readonly dueAt: Instant | null;
    };
    /** When the member's next anniversary comes was worked out anew. */
    'calendar.planned': { readonly dueAt: Instant | null };
    /** The days of the last gifts of a member who was merged into this one. */
    'calendar.giftsCarried': { readonly last: readonly (readonly [ruleId: string, day: LocalDate])[] };
    /** The gift of one rule for one anniversary. */
    'calendar.giftCame': GiftFacts & { readonly giftId: GiftId; readonly memberActive: boolean };
  }
}
