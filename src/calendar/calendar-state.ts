import type { RuleTrace } from '../earning/index.js';
import type { DomainEventOf } from '../kernel/domain-events.js';
import type { Points } from '../kernel/points.js';
import type { Instant, LocalDate } from '../kernel/time.js';

/** What is known of a member whose anniversaries bring gifts. */
export interface Celebrated {
  readonly birthDate: LocalDate | null;
  /** When the birth date was entered or changed; null where that was at the enrolment. */
  readonly birthDateSince: Instant | null;
  readonly enrolledAt: Instant;
  /** When the member was recorded here. */
  readonly createdAt: Instant;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The membership was closed or merged. */
  readonly over: boolean;
}

type NewGift = DomainEventOf<'calendar.giftCame'> & {
  readonly points: Points;
  readonly explanation: readonly RuleTrace[];
};

export interface CalendarState {
  /** Null in programmes without a rule about dates. */
  readonly person: Celebrated | null;
  /** When the member is to be looked at next, as it is stored: perhaps too early, never too late. */
  readonly dueAt: Instant | null;
  /** Exclusive: anniversaries before it were looked at. */
  readonly lookedUntil: Instant | null;
  /** The day of the last gift that brought points, by rule. */
  readonly last: ReadonlyMap<string, LocalDate>;
  /** Whether the days are to be written. */
  readonly planned: boolean;
  readonly newGifts: readonly NewGift[];
}
