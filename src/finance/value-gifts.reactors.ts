import type { AwardSource, DomainEvent, DomainEventType, ValuedAward } from '../kernel/domain-events.js';
import { ok } from '../kernel/result.js';
import { debtOpenSince, ledgerSlice, partsByDebt } from '../ledger/index.js';
import { reactor, type Reactor, type Work } from '../platform/pipeline/index.js';
import { awardedSince, valued } from './finance.reactors.js';

/**
 * Values what was awarded for something that is no sale: no price is split, so no points carry any (docs/accounting.md#kinds-of-points).
 * Points that fill a debt of the account at once become awards, and so lots, of their own. Runs after all reactors that
 * award points for it.
 */
const valueGiftsAfter = <T extends DomainEventType>(on: T): Reactor =>
  reactor<T>({
    name: `finance.value gifts after ${on}`,
    on,
    react: (event, work) => {
      const source = sourceSince(event as DomainEvent, work);
      if (!source) return ok([]);
      const { awards, slidingExpiresAt } = awardedSince(event as DomainEvent, work);
      const { debt, slidingExpiresAt: slidesTo } = work.account(ledgerSlice);
      const sliding = Math.max(slidesTo ?? 0, slidingExpiresAt ?? 0) || null;
      const parts = partsByDebt(awards, { debt, openSince: debtOpenSince(work) }, sliding, work.now);
      const data = {
        source,
        awards: parts.map((part): ValuedAward => {
          if (part.of.origin === 'purchase') throw new Error(`${source.kind} ${source.id} is no sale`);
          return valued(part, 0n, null);
        }),
        slidingExpiresAt,
      };
      return ok([{ type: 'awards.valued', data }]);
    },
  });

/** What points were awarded for first since an event; undefined where none were. */
function sourceSince(first: DomainEvent, { events }: Work): AwardSource | undefined {
  const awarded = events
    .slice(events.lastIndexOf(first))
    .find(
      ({ type, data }) =>
        type === 'points.awarded' && (data.awards.length > 0 || data.slidingExpiresAt !== null),
    );
  return awarded?.type === 'points.awarded' ? awarded.data.source : undefined;
}

export const valueActivity = valueGiftsAfter('activity.recorded');
export const valueCalendarGift = valueGiftsAfter('calendar.giftCame');

const valueGift = valueGiftsAfter('promotion.giftCame');
/** A gift for a promotion that a receipt brought is valued with the rest of the receipt. */
export const valuePromotionGift = reactor({
  name: valueGift.name,
  on: 'promotion.giftCame',
  react: (event, work) => (event.data.purchaseId === null ? valueGift.react(event, work) : ok([])),
});
export const valueRegistration = valueGiftsAfter('campaign.registered');
