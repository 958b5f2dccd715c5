import type { ProgrammeId } from '../../kernel/ids.js';
import { sha256Hex } from '../../kernel/sha256.js';
import { addToDate, formatInstant, localDate, type Instant, type LocalDate } from '../../kernel/time.js';

/**
 * How long after a day's end its anchor is made. A decision reads its clock, loads and writes within two
 * statements of at most 30 s each; the rest is for clocks of other machines that are behind.
 */
export const ANCHOR_DELAY_MS = 10 * 60_000;

/** The heads of all of a programme's accounts at the end of a day, before it is signed. */
export interface Anchor {
  readonly programmeId: ProgrammeId;
  /** In the programme's zone. */
  readonly day: LocalDate;
  /** The day's end: movements recorded before it count. */
  readonly cutOff: Instant;
  /** How many accounts had any movement by then. */
  readonly accounts: number;
  /** SHA-256 over one line for each of them, in the order of their ids; lower-case hex. */
  readonly digest: string;
  /** Hash of the programme's anchor before; `FIRST_ANCHOR` for the first. */
  readonly previousHash: string;
  /** When it was made. */
  readonly recordedAt: Instant;
}

/** What the first anchor follows. */
export const FIRST_ANCHOR = '0'.repeat(64);

/** An anchor as one line of text: what is signed, and what the next anchor's hash is over (docs/ledger.md). */
export function anchorStatement(anchor: Anchor): string {
  return [
    'laurel-anchor-1',
    anchor.programmeId,
    anchor.day,
    formatInstant(anchor.cutOff),
    anchor.accounts,
    anchor.digest,
    anchor.previousHash,
    formatInstant(anchor.recordedAt),
  ].join('|');
}

export function anchorHash(anchor: Anchor): string {
  return sha256Hex(anchorStatement(anchor));
}

/**
 * Which days are to be anchored at `now`: every one after the last anchor's that ended long enough ago; without an
 * anchor yet, the latest such day alone, as nothing made today says more about the days before. None for a
 * programme that was not there by then.
 */
export function daysToAnchor(
  now: Instant,
  timeZone: string,
  programme: { readonly createdAt: Instant; readonly lastAnchor: LocalDate | null },
): readonly LocalDate[] {
  const latest = addToDate(localDate(now - ANCHOR_DELAY_MS, timeZone), { days: -1 });
  const { createdAt, lastAnchor } = programme;
  if (lastAnchor === null) return localDate(createdAt, timeZone) <= latest ? [latest] : [];
  const days: LocalDate[] = [];
  for (let day = addToDate(lastAnchor, { days: 1 }); day <= latest; day = addToDate(day, { days: 1 })) {
    days.push(day);
  }
  return days;
}
