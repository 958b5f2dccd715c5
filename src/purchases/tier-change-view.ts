import type { DomainEvent } from '../kernel/domain-events.js';
import { formatInstant } from '../kernel/time.js';

/** The last change of tier among events as answers show it; null when there is none. */
export function tierChangeView(events: readonly DomainEvent[]) {
  for (const event of [...events].reverse()) {
    if (event.type !== 'tier.changed') continue;
    const { from, to, since } = event.data;
    return { from, to, since: formatInstant(since) };
  }
  return null;
}
