import type { Ladder, Validity } from './ladder.js';
import { graceOf, promotionOf, requirementOf, validityOf } from './published-rules.js';
import type { TierSet } from './tier-set.js';

const FOREVER: Validity = { type: 'forever' };

/** The rules of a published ladder. */
export function ladderOf({ measure, window, tiers, ...rules }: TierSet): Ladder {
  return {
    rungs: tiers.map(
      ({ key, threshold, reach, keep, validity = rules.validity, noDowngrade, retired }, index) => ({
        key,
        reach: index === 0 ? null : reach ? requirementOf(reach) : { measure, window, atLeast: threshold },
        keep: keep ? requirementOf(keep) : null,
        validity: index === 0 || !validity ? FOREVER : validityOf(validity),
        noDowngrade: noDowngrade ?? false,
        retired: retired ? { successor: retired.successor ?? null } : null,
      }),
    ),
    promotion: rules.promotion ? promotionOf(rules.promotion) : 'atOnce',
    demotion: rules.demotion ?? 'none',
    grace: rules.grace ? graceOf(rules.grace) : null,
  };
}
