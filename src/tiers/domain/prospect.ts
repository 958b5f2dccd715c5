import type { LocalDate } from '../../kernel/time.js';
import { leavesOf, measured, type Counted, type Ladder, type Requirement, type Rung } from './ladder.js';
import { nextDue, rankOf, roll, type Place } from './place.js';

/** How far a member is with one measure over one window. */
export interface MeasureProgress {
  readonly measure: string;
  readonly value: number;
  /** What is missing to keep the tier; 0 where it is reached, or where it is not what keeps the tier. */
  readonly toKeep: number;
  /** What is missing to the next tier; null where the next tier does not ask for it. */
  readonly toNext: number | null;
}

/** What a member may expect of a place. */
export interface Prospect {
  readonly next: Rung | null;
  readonly progress: readonly MeasureProgress[];
  /** The tier after the next evaluation if nothing more counts; null while none is set. */
  readonly atNextRoll: string | null;
}

/** What is missing to keep a rung and to reach the next one, and what becomes of a member who does nothing more. */
export function prospectOf(place: Place, ladder: Ladder, counted: Counted, day: LocalDate): Prospect {
  const rank = rankOf(ladder, place.rung);
  const rung = ladder.rungs[rank] as Rung;
  const next = ladder.rungs.slice(rank + 1).find(({ retired }) => retired === null) ?? null;
  const days = { day, through: day, validFrom: place.validFrom, tierSince: place.since };
  const progress = new Map<string, MeasureProgress>();
  const look = (requirement: Requirement | null, field: 'toKeep' | 'toNext') => {
    for (const leaf of requirement === null ? [] : leavesOf(requirement)) {
      const name = JSON.stringify([leaf.measure, leaf.window]);
      const value = measured(leaf, counted, days);
      const known = progress.get(name) ?? { measure: leaf.measure, value, toKeep: 0, toNext: null };
      const missing = Math.max(0, leaf.atLeast - value, known[field] ?? 0);
      progress.set(name, { ...known, [field]: missing });
    }
  };
  look(rung.keep ?? rung.reach, 'toKeep');
  look(next?.reach ?? null, 'toNext');
  const due = nextDue(place, ladder, counted);
  const after = due === null ? null : roll(place, ladder, counted, due).place;
  // Grace puts the evaluation off, and does not avert it.
  const settled = after?.graceUntil ? roll(after, ladder, counted, after.graceUntil).place : after;
  return { next, progress: [...progress.values()], atNextRoll: settled?.rung ?? null };
}
