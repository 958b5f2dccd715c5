import type { TargetResolver } from '../platform/pipeline/index.js';

/** How commands about a redemption find its account. */
export const redemptionTarget: TargetResolver = {
  kind: 'redemption',
  sql: `SELECT r.account_id, r.member_id FROM redemptions r JOIN accounts ra ON ra.account_id = r.account_id
    WHERE c.kind = 'redemption' AND r.redemption_id = c.ref_id AND ra.programme_id = c.programme_id`,
};
