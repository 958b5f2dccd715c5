import type { AskedAdjustment } from '../../src/adjustments/domain/order.js';
import type { Command } from '../../src/platform/pipeline/index.js';
import { ConfigurationBuilder } from './configuration.js';
import type { Person, Shop } from './shop.js';

/** The key that asks. */
export const MAKER = 'key_01h455vb4pex5vsknk084sn02q';
/** Another one, which decides. */
export const CHECKER = 'key_01h455vb4pex5vsknk084sn02r';

/** A shop with reasons of every sort. */
export const configured = () =>
  ConfigurationBuilder.shop()
    .adjustmentReason('sorry')
    .adjustmentReason('late-order', { direction: 'credit', origin: 'sale_compensation' })
    .adjustmentReason('breach', { direction: 'debit', origin: null })
    .adjustmentReason('big', { approvalAbove: 100 })
    .adjustmentReason('proven', { evidenceRequired: true })
    .adjustmentReason('old', { active: false });

/** Something to be adjusted for a member: goodwill by the maker unless told otherwise. */
export function order(person: Person, shop: Shop, body: Partial<AskedAdjustment>, options = {}): Command {
  const full: AskedAdjustment = {
    kind: 'credit',
    points: null,
    reason: 'sorry',
    origin: null,
    lotId: null,
    expiringBy: null,
    expiresAt: null,
    occurredAt: null,
    evidence: null,
    approvedBy: null,
    externalId: null,
    line: MAKER,
    ...body,
  };
  const target = { kind: 'member', id: person.memberId } as const;
  return { ...shop.command('adjustment.make', target, full, options), actor: MAKER };
}

/** A decision on a request, by the checker unless told otherwise. */
export function decision(
  shop: Shop,
  verb: 'approve' | 'reject',
  adjustmentId: string,
  actor = CHECKER,
): Command {
  const target = { kind: 'adjustment', id: adjustmentId } as const;
  const body = { adjustmentId, lotId: null, note: 'seen', makerLine: MAKER, line: CHECKER };
  return { ...shop.command(`adjustment.${verb}`, target, body, {}), actor };
}
