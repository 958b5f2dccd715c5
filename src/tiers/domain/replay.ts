import { addToDate, type LocalDate } from '../../kernel/time.js';
import type { Counted, Ladder } from './ladder.js';
import { count, firstPlace, roll, type Place, type Step } from './place.js';
import { enter, type Transition } from './transition.js';

/** A version of a ladder and the first business day of its time: a day belongs to the version in force at its end. */
export interface LadderFrom {
  readonly ladder: Ladder;
  readonly from: LocalDate;
  readonly transition: Transition;
}

export interface Replayed {
  readonly place: Place;
  readonly steps: readonly Step[];
}

/**
 * A standing from all that counts, as if everything had been known when it happened, in the order of the days
 * (docs/decisions.md#standings-follow-the-order-of-the-days). Null before the first ladder.
 * @param versions in the order of their time. Of several of one day the last one counts.
 * @param counted everything that ever counted for the member.
 * @param day up to whose end, inclusive.
 */
export function replay(versions: readonly LadderFrom[], counted: Counted, day: LocalDate): Replayed | null {
  let place: Place | null = null;
  const steps: Step[] = [];
  for (const [index, version] of versions.entries()) {
    const next = versions[index + 1]?.from;
    const from = version.from > counted.enrolledOn ? version.from : counted.enrolledOn;
    if (from > day) break;
    if (next !== undefined && next <= from) continue;
    const last = next === undefined || next > day ? day : addToDate(next, { days: -1 });
    const entered: Replayed = place
      ? enter(place, version.ladder, version.transition, counted, from)
      : { place: firstPlace(version.ladder, from), steps: [] };
    const lived = live(entered.place, version.ladder, counted, from, last);
    steps.push(...entered.steps, ...lived.steps);
    place = lived.place;
  }
  return place && { place, steps };
}

/** A place on one ladder from a day to another, both inclusive. */
export function live(
  place: Place,
  ladder: Ladder,
  counted: Counted,
  from: LocalDate,
  through: LocalDate,
): Replayed {
  const steps: Step[] = [];
  let current = place;
  for (const day of counted.days) {
    if (day < from || day > through) continue;
    const rolled = roll(current, ladder, counted, day);
    const after = count(rolled.place, ladder, counted, day);
    steps.push(...rolled.steps, ...(after.step ? [after.step] : []));
    current = after.place;
  }
  const rolled = roll(current, ladder, counted, through);
  return { place: rolled.place, steps: [...steps, ...rolled.steps] };
}
