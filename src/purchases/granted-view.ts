import type { DomainEvent, DomainEventOf } from '../kernel/domain-events.js';
import type { LotId } from '../kernel/ids.js';
import { formatInstant } from '../kernel/time.js';
import { ledgerSlice } from '../ledger/index.js';
import type { Work } from '../platform/pipeline/index.js';

/** The points that a decision granted, lot by lot, and how many of them filled a debt, as answers show them. */
export function grantedView(events: readonly DomainEvent[], work: Work) {
  const granted = all(events, 'lots.granted').flatMap(({ data }) => data.lots);
  const grants = granted.map((lot) => ({
    lotId: lot.lotId,
    rule: lot.rule,
    origin: lot.origin,
    points: lot.points,
    state: hasExpired(lot.lotId, work) ? 'expired' : lot.state,
    availableAt: formatInstant(lot.availableAt),
    expiresAt: lot.expiresAt === null ? null : formatInstant(lot.expiresAt),
    lines: lot.lines,
  }));
  return {
    pointsGranted: granted.reduce((sum, { points }) => sum + points, 0),
    pointsToDebt: all(events, 'debt.settled')
      .flatMap(({ data }) => data.lots)
      .reduce((sum, { points }) => sum + points, 0),
    grants,
  };
}

/** Whether points that were granted just now are over; those that filled a debt are not. */
function hasExpired(lotId: LotId, work: Work): boolean {
  return (work.account(ledgerSlice).lots.get(lotId)?.expired ?? 0) > 0;
}

function all<T extends 'lots.granted' | 'debt.settled'>(
  events: readonly DomainEvent[],
  type: T,
): readonly DomainEventOf<T>[] {
  return events.filter((event) => event.type === type) as DomainEventOf<T>[];
}
