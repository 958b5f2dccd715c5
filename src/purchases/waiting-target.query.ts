import { presentMember } from '../members/index.js';
import type { TargetResolver } from '../platform/pipeline/index.js';
import { WAITING_ACCOUNTS } from './recorded-purchase.query.js';

/**
 * How commands about a receipt find where its points wait: in the account its member has now, or where the lots stayed
 * or went to. In the
 * member's own account the command speaks for the member, elsewhere for the head. Where nothing waits, it is the own.
 */
export const waitingTarget: TargetResolver = {
  kind: 'waiting',
  sql: `SELECT w.account_id, CASE WHEN w.account_id = now.account_id THEN now.member_id ELSE wa.head_member_id END
    FROM purchases p
    ${presentMember('p', 'c.programme_id')}
    CROSS JOIN LATERAL (
      ${WAITING_ACCOUNTS}
      UNION ALL
      SELECT now.account_id
      LIMIT 1) w
    JOIN accounts wa ON wa.account_id = w.account_id
    WHERE c.kind = 'waiting' AND p.purchase_id = c.ref_id`,
};
