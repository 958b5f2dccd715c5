import { isOfSale } from '../../kernel/lot-facts.js';
import type { DomainEvent } from '../../kernel/domain-events.js';
import { localDate, type LocalDate } from '../../kernel/time.js';
import type { Measure } from './tier-set.js';

/** What a member did on one business day, as tiers, conditions and milestones count it. */
export interface QualifyingDay {
  readonly spendMinor: number;
  readonly points: number;
  /** Receipts that are not returned whole. */
  readonly visits: number;
  /** Status points, which nothing but ladders counts. */
  readonly status: number;
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
      return { day: businessDate, counted: { spendMinor, points: 0, visits: 1, status: 0 } };
    }
    case 'points.awarded': {
      if (event.data.source.kind === 'promotion') return null;
      // Before there are lots: gifts for a change of tier are valued with the points that brought it. Milestones come
      // after the tiers decided, and their points count for none.
      const points = event.data.awards
        .filter(({ origin, milestone }) => milestone === undefined && isOfSale(origin))
        .reduce((sum, award) => sum + award.points, 0);
      const status = event.data.status?.reduce((sum, award) => sum + award.points, 0) ?? 0;
      return pointsOn(localDate(event.occurredAt, timeZone), points, status);
    }
    case 'purchase.returned': {
      const { counted, purchase, returned, points, status = 0 } = event.data;
      if (!counted) return null;
      const [spendMinor, visits] = [0 - returned.amountMinor, returned.whole ? -1 : 0];
      const off = { spendMinor, points: 0 - points, visits, status: 0 - status };
      return { day: purchase.businessDate, counted: off };
    }
    case 'awards.undone': {
      const { counted, purchase, points } = event.data;
      return counted ? pointsOn(purchase.businessDate, 0 - points, 0) : null;
    }
    case 'awards.cancelled': {
      const { memberId, businessDate, points, status = 0 } = event.data;
      return memberId === event.memberId ? pointsOn(businessDate, 0 - points, 0 - status) : null;
    }
    default:
      return null;
  }
}

const NOTHING: QualifyingDay = { spendMinor: 0, points: 0, visits: 0, status: 0 };

/** What a ladder counts of a day. */
export function measureOf(measure: Measure, { spendMinor, points, status }: QualifyingDay): number {
  if (measure === 'spend') return spendMinor;
  return measure === 'points' ? points : status;
}

/** What is counted of a day once more was. */
export function addedTo(before: QualifyingDay = NOTHING, counted: QualifyingDay): QualifyingDay {
  return {
    spendMinor: before.spendMinor + counted.spendMinor,
    points: before.points + counted.points,
    visits: before.visits + counted.visits,
    status: before.status + counted.status,
  };
}

function pointsOn(day: LocalDate, points: number, status: number): CountedOn | null {
  if (points === 0 && status === 0) return null;
  return { day, counted: { spendMinor: 0, points, visits: 0, status } };
}
