import type { ActivityBody } from '../../src/activities/domain/activity-body.js';
import type { Command } from '../../src/platform/pipeline/index.js';
import type { Person, Shop } from './shop.js';

/** An activity that the web shop reports: now, with a number of its own, unless told otherwise. */
export function activity(
  shop: Shop,
  member: Person,
  type: string,
  overrides: Partial<ActivityBody> = {},
  options: { readonly dryRun?: boolean } = {},
): Command {
  const body: ActivityBody = {
    ...{ type, source: 'web-shop', occurredAt: shop.clock, attributes: {}, reporters: ['activities'] },
    externalId: shop.ids.next('evt'),
    ...overrides,
  };
  const natural = { scope: 'activity', key: `${body.source}\n${body.externalId}` } as const;
  const target = { kind: 'member', id: member.memberId } as const;
  return shop.command('activity.record', target, body, { natural, ...options });
}

/** Takes an activity back, now. */
export function cancellation(
  shop: Shop,
  activityId: string,
  options: { readonly dryRun?: boolean } = {},
): Command {
  const target = { kind: 'activity', id: activityId } as const;
  const natural = { scope: 'activityCancellation', key: activityId } as const;
  const body = { activityId, reason: null, measuresAt: shop.clock };
  return shop.command('activity.cancel', target, body, { natural, ...options });
}
