import { addToDate, type LocalDate } from '../../kernel/time.js';
import { isMet, type Counted, type Ladder, type Rung } from './ladder.js';
import { placed, rankOf, type Place, type Step } from './place.js';
import { validityEnd } from './validity.js';

/**
 * What a new version of a ladder does to those who stand on the one before: it evaluates them at the first instant of its
 * first day, up and down or up only, or leaves them until their next roll.
 */
export type Transition = 'now' | 'upOnly' | 'nextRoll';

/**
 * The first instant of a ladder's first day, for a member who stands on the ladder before it. A rung that was retired
 * for another hands its members over; one that is gone leaves them on the first. Who stays and had no end gets one from
 * the beginning of the standing.
 * @param day the first day of the ladder's time.
 */
export function enter(
  place: Place,
  ladder: Ladder,
  transition: Transition,
  counted: Counted,
  day: LocalDate,
): { readonly place: Place; readonly steps: readonly Step[] } {
  const stays = heldRung(place, ladder);
  const to = transition === 'nextRoll' ? stays : evaluated(place, ladder, stays, transition, counted, day);
  if (to.key === place.rung) return { place: withEnd(place, to, counted, day), steps: [] };
  const rises = rankOf(ladder, to.key) > rankOf(ladder, place.rung);
  const type = rises ? 'promoted' : 'demoted';
  return {
    place: placed(to, day, 'midnight', counted),
    steps: [{ type, day, from: place.rung, to: to.key }],
  };
}

/** The rung of a place on a new ladder: the same one, its successor, or the first. */
function heldRung({ rung: key }: Place, { rungs }: Ladder): Rung {
  const first = rungs[0] as Rung;
  const same = rungs.find((rung) => rung.key === key);
  if (!same) return first;
  const successor = same.retired?.successor ?? null;
  return successor === null ? same : (rungs.find((rung) => rung.key === successor) ?? first);
}

/** The highest rung that the member reaches by the evening before; down only where the held one is not kept. */
function evaluated(
  place: Place,
  ladder: Ladder,
  stays: Rung,
  transition: 'now' | 'upOnly',
  counted: Counted,
  day: LocalDate,
): Rung {
  const before = addToDate(day, { days: -1 });
  const days = { day: before, through: before, validFrom: place.validFrom, tierSince: place.since };
  const open = ladder.rungs.filter(({ retired }) => retired === null);
  const reached = open.findLast(({ reach }) => reach === null || isMet(reach, counted, days)) as Rung;
  if (rankOf(ladder, reached.key) > rankOf(ladder, stays.key)) return reached;
  const keep = stays.keep ?? stays.reach;
  if (transition === 'upOnly' || keep === null || isMet(keep, counted, days)) return stays;
  const below = open.filter((rung) => rankOf(ladder, rung.key) < rankOf(ladder, stays.key));
  const kept = below.findLast(({ keep: toKeep, reach }) => {
    const requirement = toKeep ?? reach;
    return requirement === null || isMet(requirement, counted, days);
  });
  return kept ?? (ladder.rungs[0] as Rung);
}

/** A place that stays: with the end it had; else with the first end after `day` that its validity comes to. */
function withEnd(place: Place, rung: Rung, { enrolledOn }: Counted, day: LocalDate): Place {
  let end = validityEnd(rung.validity, place.validFrom, 'during', enrolledOn);
  if (end === null) return { ...place, until: null, graceUntil: null };
  if (place.until !== null) return place;
  while (end !== null && end <= day) end = validityEnd(rung.validity, end, 'midnight', enrolledOn);
  return { ...place, until: end };
}
