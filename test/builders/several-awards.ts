import type { AwardSource, DomainEventType, LinePoints } from '../../src/kernel/domain-events.js';
import { ok } from '../../src/kernel/result.js';
import { saleSource } from '../../src/kernel/sale-source.js';
import { reactor, type Emission, type Reactor } from '../../src/platform/pipeline/index.js';
import type { ConfigurationBuilder } from './configuration.js';
import { numberedId } from './ids.js';
import { Shop } from './shop.js';

/** The source of what `shopOfSeveralAwards` gives for a promotion. */
export const GIFT = numberedId('adj', 7);

const give = (rule: string, points: number, source: AwardSource, lines: readonly LinePoints[]): Emission => ({
  type: 'points.awarded',
  data: {
    source,
    awards: [
      {
        rule: { id: rule, version: 1 },
        origin: 'purchase',
        points,
        lines,
        availableAt: source.occurredAt,
        expiresAt: null,
        awaits: null,
        slides: false,
        expiryPolicy: { type: 'never' },
      },
    ],
    explanation: [],
    counted: [],
    slidingExpiresAt: null,
  },
});

const gift100 = reactor({
  name: 'test.gift',
  on: 'tier.changed',
  react: ({ occurredAt, data: { from, to } }) => {
    if (from !== 'basic' || to !== 'silver') return ok([]);
    const source = { kind: 'adjustment', id: GIFT, occurredAt, businessDate: '2026-03-10' } as const;
    return ok([give('welcome', 100, source, [])]);
  },
});

/**
 * A shop in which a second reactor awards 90 points for each receipt beside the earning rules, and a promotion to
 * silver brings 100 points with an adjustment as their source.
 * @param lines what of the 90 points each line earned.
 */
export function shopOfSeveralAwards(config: ConfigurationBuilder, lines: readonly LinePoints[] = []): Shop {
  const second = reactor({
    name: 'test.second',
    on: 'purchase.recorded',
    react: ({ data: { purchase } }) => ok([give('second', 90, saleSource(purchase), lines)]),
  });
  const { rules } = new Shop();
  const onPurchase = (rules.reactors.get('purchase.recorded') ?? []).flatMap((each) =>
    each.name === 'tiers.promoteOnPurchase' ? [second, each] : [each],
  );
  const reactors = new Map<DomainEventType, readonly Reactor[]>([
    ...rules.reactors,
    ['purchase.recorded', onPurchase],
    ['tier.changed', [gift100]],
  ]);
  return new Shop(config, { ...rules, reactors });
}
