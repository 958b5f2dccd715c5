import { isOfSale } from '../../kernel/lot-facts.js';
import type { DomainEvent } from '../../kernel/domain-events.js';
import { localDate, type LocalDate } from '../../kernel/time.js';

/** What a member did on one business day, as tiers, conditions and milestones count it. */
export interface QualifyingDay {
  readonly spendMinor: number;
  readonly points: number;
  /** Receipts that are not returned whole. */
  readonly visits: number;
}

/** What an event adds to a business day of the member that it is about. */
export interface CountedOn {
  readonly day: LocalDate;
  readonly counted: QualifyingDay;
}

/** What an event adds to what is counted of its member; null for nothing, and for a merge, which tells days itself. */
export function countedBy(event: DomainEvent, timeZone: string): CountedOn | null {
  switch (event.type) {
    case 'purchase.recorded': {
      if (!event.data.memberActive) return null;
      const { businessDate, lines } = event.data.purchase;
      const spendMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
      return { day: businessDate, counted: { spendMinor, points: 0, visits: 1 } };
    }
    case 'points.awarded': {
      if (event.data.source.kind === 'promotion') return null;
      // Before there are lots: gifts for a change of tier are valued with the points that brought it. Milestones come
      // after the tiers decided, and their points count for none.
      const points = event.data.awards
        .filter(({ origin, milestone }) => milestone === undefined && isOfSale(origin))
        .reduce((sum, award) => sum + award.points, 0);
      return points === 0 ? null : pointsOn(localDate(event.occurredAt, timeZone), points);
    }
    case 'purchase.returned': {
      const { counted, purchase, returned, points } = event.data;
      if (!counted) return null;
      const [spendMinor, visits] = [0 - returned.amountMinor, returned.whole ? -1 : 0];
      return { day: purchase.businessDate, counted: { spendMinor, points: 0 - points, visits } };
    }
    case 'awards.undone': {
      const { counted, purchase, points } = event.data;
      return !counted || points === 0 ? null : pointsOn(purchase.businessDate, 0 - points);
    }
    case 'awards.cancelled': {
      const { memberId, businessDate, points } = event.data;
      return points === 0 || memberId !== event.memberId ? null : pointsOn(businessDate, 0 - points);
    }
    default:
      return null;
  }
}

const NOTHING: QualifyingDay = { spendMinor: 0, points: 0, visits: 0 };

/** What is counted of a day once more was. */
export function addedTo(before: QualifyingDay = NOTHING, counted: QualifyingDay): QualifyingDay {
  return {
    spendMinor: before.spendMinor + counted.spendMinor,
    points: before.points + counted.points,
    visits: before.visits + counted.visits,
  };
}

function pointsOn(day: LocalDate, points: number): CountedOn {
  return { day, counted: { spendMinor: 0, points, visits: 0 } };
}
