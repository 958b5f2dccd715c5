import type { LotPoints } from '../../kernel/domain-events.js';
import type { MemberId } from '../../kernel/ids.js';
import { divideFloor, toSafeNumber } from '../../kernel/division.js';
import type { Points } from '../../kernel/points.js';

/** What a member takes along when leaving a household. */
export type Split = 'none' | 'own' | 'equal' | { readonly points: Points };

/** How many available points a split by number takes: an equal share, rounded down, or as many as were said. */
export function pointsOfSplit(
  split: 'equal' | { readonly points: Points },
  available: Points,
  members: number,
): Points {
  return split === 'equal' ? toSafeNumber(divideFloor(BigInt(available), BigInt(members))) : split.points;
}

/** Of parts of lots those that these members earned. */
export function earnedBy<P extends LotPoints>(
  parts: readonly P[],
  lots: ReadonlyMap<P['lotId'], { readonly memberId: MemberId }>,
  members: readonly MemberId[],
): readonly P[] {
  return parts.filter(({ lotId }) => {
    const owner = lots.get(lotId)?.memberId;
    return owner !== undefined && members.includes(owner);
  });
}
