import type { Cause, CauseType } from '../../kernel/lot-facts.js';
import { localDate, type Instant, type LocalDate } from '../../kernel/time.js';
import type { Destination, Source } from './lot.js';

/** What a movement's day in the books depends on; every day is one of the programme's zone. */
export interface PostingFacts {
  /** The day on which it happened; of what ends with a day, that day. */
  readonly effectiveOn: LocalDate;
  /** The day on which the engine came to know of it. */
  readonly recordedOn: LocalDate;
  /** Which of the two its kind goes by, see `postsBy`. */
  readonly by: 'effective' | 'recorded';
  /** Whether the command dates it further back than its kind may go. */
  readonly beyondBound: boolean;
  /** The posting date with which the lot's points began to be owed or promised; null without a lot, or before. */
  readonly issuedOn: LocalDate | null;
  /** The first day of the earliest period that takes postings; null while no period was closed. */
  readonly earliestOpenDay: LocalDate | null;
}

/**
 * The day of a movement in the books: the one rule for all of them (docs/ledger.md#the-posting-date). Never before
 * the issue of its own lot, and never in a period that takes no postings.
 */
export function postingDate(facts: PostingFacts): LocalDate {
  const { effectiveOn, recordedOn, by, beyondBound, issuedOn, earliestOpenDay } = facts;
  const day = by === 'recorded' || beyondBound ? recordedOn : effectiveOn;
  return latest(latest(day, earliestOpenDay), issuedOn);
}

function latest(day: LocalDate, atLeast: LocalDate | null): LocalDate {
  return atLeast !== null && atLeast > day ? atLeast : day;
}

const TAKING_BACK: readonly CauseType[] = [
  'return',
  'adjustment',
  'activityCancellation',
  'undo',
  'promotionReversal',
  'registrationCancellation',
];

/**
 * What takes back or corrects something goes by the day on which it was recorded: the books of the days before were
 * right when they were written. Everything else goes by the day on which it happened.
 */
export function postsBy({ type }: Cause, from: Source, to: Destination): PostingFacts['by'] {
  if (TAKING_BACK.includes(type)) return 'recorded';
  // An order that was cancelled, and a redemption that is reversed.
  if (type === 'purchase' && to === 'cancelled') return 'recorded';
  return from === 'redeemed' && to === 'available' ? 'recorded' : 'effective';
}

/** Whether a movement takes effect with the end of a day: "through the 31st" is the first instant after it. */
export function endsADay({ type }: Pick<Cause, 'type'>, to: Destination): boolean {
  return type === 'expiry' || (type === 'activation' && to === 'cancelled');
}

/** The day on which something happened, in a zone. What ends a day belongs to that day. */
export function effectiveDay(at: Instant, endsDay: boolean, timeZone: string): LocalDate {
  return localDate(endsDay ? at - 1 : at, timeZone);
}

/** Whether something is posted in another month than the one in which it happened. */
export function isLate(effectiveOn: LocalDate, postedOn: LocalDate): boolean {
  return effectiveOn.slice(0, 7) !== postedOn.slice(0, 7);
}
