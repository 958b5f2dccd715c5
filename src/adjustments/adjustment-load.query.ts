import { presentMember } from '../members/index.js';
import type { TargetResolver } from '../platform/pipeline/index.js';

/** How commands about an adjustment find its account: the present one of its member, or of the survivor. */
export const adjustmentTarget: TargetResolver = {
  kind: 'adjustment',
  sql: `SELECT now.account_id, now.member_id FROM adjustments ad
    ${presentMember('ad', 'c.programme_id')}
    WHERE c.kind = 'adjustment' AND ad.adjustment_id = c.ref_id`,
};

/**
 * Adjustments that commands name and what was posted about these; what was given back of lots that they name, and of
 * that, what was taken back; of a forfeit, the member's credits that were taken back.
 */
export const NAMED_ADJUSTMENTS = `SELECT now.account_id, ad.account_id AS kept_under, to_jsonb(ad) AS adjustment
  FROM (
    SELECT n.* FROM unnest($2::uuid[]) AS s(id) JOIN adjustments n ON n.adjustment_id = s.id
    UNION ALL
    SELECT r.* FROM unnest($2::uuid[]) AS s(id)
    JOIN adjustments r ON r.lot_id = s.id AND r.kind = 'reinstatement' AND r.status = 'posted'
    UNION ALL
    SELECT k.* FROM unnest($2::uuid[]) AS s(id)
    JOIN adjustments r ON r.lot_id = s.id AND r.kind = 'reinstatement' AND r.status = 'posted'
    JOIN adjustments k ON k.corrects_id = r.adjustment_id AND k.status = 'posted'
    UNION ALL
    SELECT k.* FROM unnest($2::uuid[]) AS s(id) JOIN adjustments k ON k.corrects_id = s.id AND k.status = 'posted'
    UNION ALL
    SELECT b.* FROM unnest($2::uuid[]) AS s(id)
    JOIN adjustments n ON n.adjustment_id = s.id AND n.kind = 'debit'
    JOIN adjustments c ON c.member_id = n.member_id AND c.kind IN ('credit', 'reinstatement') AND c.status = 'posted'
    JOIN adjustments k ON k.corrects_id = c.adjustment_id AND k.status = 'posted'
    CROSS JOIN LATERAL (SELECT (c).* UNION ALL SELECT (k).*) b) ad
  ${presentMember('ad')}
  WHERE now.account_id = ANY($1::uuid[])`;

/** What lines of keys posted by themselves for a reason; the key is the line's UUID, a stroke and the reason. */
export const LAST_USES = `SELECT k.programme_id, k.key, l.day::text AS day, coalesce(l.sequence, 0) AS sequence,
      coalesce(s.points, 0) AS points
    FROM (SELECT u.programme_id, u.key, substr(u.key, 38) AS reason_id, left(u.key, 36)::uuid AS line
      FROM unnest($1::uuid[], $2::text[]) AS u(programme_id, key)) k
    LEFT JOIN LATERAL (SELECT a.day, a.sequence FROM approval_uses a
      WHERE a.programme_id = k.programme_id AND a.reason_id = k.reason_id AND a.line_key_id = k.line
      ORDER BY a.day DESC, a.sequence DESC LIMIT 1) l ON true
    LEFT JOIN LATERAL (SELECT sum(a.points) AS points FROM approval_uses a
      WHERE a.programme_id = k.programme_id AND a.reason_id = k.reason_id AND a.line_key_id = k.line
        AND a.day = l.day) s ON true`;
