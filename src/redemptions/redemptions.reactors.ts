import { slidingExpiryOf } from '../kernel/expiry-policy.js';
import type { LotId } from '../kernel/ids.js';
import { ok } from '../kernel/result.js';
import { ledgerSlice } from '../ledger/index.js';
import { memberExpiry, programmePolicyInForce } from '../programmes/index.js';
import { reactor, type Emission } from '../platform/pipeline/index.js';
import { standingSlice, tierAt, tierSetInForce } from '../tiers/index.js';
import { endsBefore, leastExpiry } from './domain/least-validity.js';

export const holdPoints = reactor({
  name: 'redemptions.holdPoints',
  on: 'redemption.authorised',
  react: ({ data: { redemption } }) =>
    ok([{ type: 'points.held', data: { redemptionId: redemption.redemptionId, lots: redemption.lots } }]),
});

export const usePoints = reactor({
  name: 'redemptions.usePoints',
  on: 'redemption.captured',
  react: ({ data: { redemption, direct, unused } }) => {
    const { redemptionId, lots } = redemption;
    const used: Emission = {
      type: 'points.redeemed',
      data: { redemptionId, from: direct ? 'available' : 'held', lots },
    };
    return ok(
      unused.length === 0
        ? [used]
        : [used, { type: 'points.released', data: { redemptionId, lots: unused } }],
    );
  },
});

export const releasePoints = reactor({
  name: 'redemptions.releasePoints',
  on: 'redemption.voided',
  react: ({ data: { redemption } }) =>
    ok([{ type: 'points.released', data: { redemptionId: redemption.redemptionId, lots: redemption.lots } }]),
});

/**
 * Points that come back go to their own lots with their own expiry, unless the programme promises them a least
 * validity: then the lot lives until the end of the last of so many days from now, or the account's sliding lots
 * together do. The lots must be loaded: a command that reverses references them.
 */
export const restorePoints = reactor({
  name: 'redemptions.restorePoints',
  on: 'redemption.reversed',
  react: ({ data: { redemption, lots, cause } }, work) => {
    const { minValidityDaysOnRestore } = programmePolicyInForce(work.config, work.now);
    const known = work.account(ledgerSlice).lots;
    const leastUntil = leastExpiry(minValidityDaysOnRestore, work.now, work.config.timeZone);
    const endsTooSoon = (lotId: LotId) => endsBefore(known.get(lotId)?.expiresAt ?? null, leastUntil);
    const slides = lots.some(({ lotId }) => known.get(lotId)?.slides === true && endsTooSoon(lotId));
    const emissions: Emission[] = [];
    if (slides && leastUntil !== null)
      emissions.push({ type: 'expiry.slid', data: { cause, expiresAt: leastUntil } });
    const restored = lots.map((lot) =>
      leastUntil !== null && known.get(lot.lotId)?.slides === false && endsTooSoon(lot.lotId)
        ? { ...lot, expiresAt: leastUntil }
        : lot,
    );
    const { redemptionId } = redemption;
    emissions.push({ type: 'points.restored', data: { redemptionId, cause, lots: restored } });
    return ok(emissions);
  },
});

/**
 * Using points is an activity: where the policy for the member lets points slide, it moves the end of all of the
 * account's sliding points.
 */
export const slideOnCapture = reactor({
  name: 'redemptions.slideOnCapture',
  on: 'redemption.captured',
  react: ({ data: { redemption } }, work) => {
    const { config, now } = work;
    const set = tierSetInForce(config, now);
    const tier = set ? tierAt(work.member(standingSlice), set.body, now).key : null;
    const policy = memberExpiry(programmePolicyInForce(config, now), tier);
    const expiresAt = slidingExpiryOf(policy, now, config.timeZone);
    if (expiresAt === null) return ok([]);
    const cause = { type: 'redemption', id: redemption.redemptionId } as const;
    return ok([{ type: 'expiry.slid', data: { cause, expiresAt } }]);
  },
});
