import type { LotOrigin, PurchaseFacts, PurchaseLine, StatusAward, Tender } from '../kernel/domain-events.js';
import { milestoneLots, type RuleTrace } from '../earning/index.js';
import { uuidToId, type LotId, type RedemptionId } from '../kernel/ids.js';
import { presentMember } from '../members/index.js';
import type { Row } from '../platform/database/row.js';
import type { TargetResolver } from '../platform/pipeline/index.js';
import type { PurchaseGrant, RecordedPurchase, RecordedReturn } from './domain/recorded-purchase.js';

/** How commands about a receipt find its account: the present one of its member, or of the survivor. */
export const purchaseTarget: TargetResolver = {
  kind: 'purchase',
  sql: `SELECT now.account_id, now.member_id FROM purchases p
    ${presentMember('p', 'c.programme_id')}
    WHERE c.kind = 'purchase' AND p.purchase_id = c.ref_id`,
};

/** Of a lot `l`, or of what continues it in any account; a forfeited lot was usable before. */
const CANCELLED_WHILE_WAITING = `(l.cancelled > 0 OR l.moved > 0) AND EXISTS (SELECT FROM lots x
  JOIN movements xm ON xm.account_id = x.account_id AND xm.lot_id = x.lot_id
    AND xm.from_bucket IN ('undelivered', 'pending') AND xm.to_bucket = 'cancelled'
  WHERE x.cancelled > 0
    AND ((x.account_id = l.account_id AND x.lot_id = l.lot_id) OR x.root_lot_id = l.lot_id))`;

/**
 * Points of a lot `l` that expired or were cancelled in other accounts while they were the member's: in the lot itself,
 * or in what continued it there. All who were merged into the member are the member. Of what another member had, only
 * the points that never were usable are among them.
 */
export const GONE_ELSEWHERE = `coalesce((SELECT sum(CASE
    WHEN EXISTS (SELECT FROM members owner WHERE owner.member_id = x.member_id
        AND coalesce(owner.merged_into, owner.member_id) = now.member_id) THEN x.expired + x.cancelled
    WHEN x.cancelled > 0 THEN (SELECT coalesce(sum(xm.points), 0) FROM movements xm
      WHERE xm.account_id = x.account_id AND xm.lot_id = x.lot_id
        AND xm.from_bucket IN ('undelivered', 'pending') AND xm.to_bucket = 'cancelled')
    ELSE 0 END) FROM lots x
  WHERE x.account_id <> now.account_id
    AND ((x.account_id = l.account_id AND x.lot_id = l.lot_id) OR x.root_lot_id = l.lot_id)), 0)`;

/**
 * Lots that a receipt `p` opened: those it tells, one by one, or, where it was stored before it told them, those of
 * its account that say so. The limit keeps the planner from walking the account's lots for it.
 */
export const OPENED_LOTS = `SELECT l.* FROM json_array_elements_text(p.lot_ids) AS x
    CROSS JOIN LATERAL (SELECT o.* FROM lots o WHERE o.account_id = p.account_id AND o.lot_id = x::uuid LIMIT 1) l
  UNION ALL
  SELECT l.* FROM lots l WHERE p.lot_ids IS NULL AND l.account_id = p.account_id AND l.purchase_id = p.purchase_id
    AND l.parent_lot_id IS NULL`;

/**
 * The accounts in which points of a receipt `p` wait: where it was recorded, or where they went from there. There is
 * one or none, for only what is available is ever sent in part.
 */
export const WAITING_ACCOUNTS = `SELECT o.account_id FROM (${OPENED_LOTS}) o WHERE o.pending + o.undelivered > 0
  UNION ALL
  SELECT x.account_id FROM (${OPENED_LOTS}) o JOIN lots x ON x.root_lot_id = o.lot_id
    WHERE o.moved > 0 AND x.pending + x.undelivered > 0`;

/**
 * Receipts that commands name, under the accounts their members have now, with the lots they opened and what
 * came back.
 */
export const PURCHASES_WITH_RETURNS = `SELECT now.account_id, p.purchase_id, now.member_id, p.source, p.receipt_no,
    p.occurred_at, p.business_date, p.currency, p.channel, p.lines, p.tenders, p.redemption_ids, p.attributes,
    p.explanation, p.counted, p.status_awards,
    (SELECT json_agg(json_build_array(l.lot_id, l.rule_id, l.rule_version, l.origin, l.points, l.lines,
        ${CANCELLED_WHILE_WAITING}, ${GONE_ELSEWHERE}) ORDER BY l.lot_id)
      FROM (${OPENED_LOTS}) l) AS grants,
    (SELECT json_agg(json_build_object('id', r.return_id, 'undo', r.undo, 'at',
        (extract(epoch FROM r.occurred_at) * 1000)::bigint, 'lines', r.lines, 'grants', r.grants,
        'redemptions', r.redemptions, 'status', r.status_awards) ORDER BY r.recorded_at, r.return_id)
      FROM (SELECT t.return_id, false AS undo, t.occurred_at, t.recorded_at, t.lines, t.grants, t.redemptions,
          t.status_awards
        FROM returns t WHERE t.purchase_id = p.purchase_id
        UNION ALL SELECT u.undone_id, true, u.recorded_at, u.recorded_at, '[]', u.grants, '[]', NULL
        FROM undone_grants u WHERE u.purchase_id = p.purchase_id) r) AS returns,
    ${milestoneLots('now', 'p.business_date')} AS milestone_lots
  FROM unnest($2::uuid[]) AS s(id)
  JOIN purchases p ON p.purchase_id = s.id
  ${presentMember('p')}
  WHERE now.account_id = ANY($1::uuid[])`;

/** The lots that a return of a receipt may take from: its own, and those of milestones of its member. */
export function lotsToTake(row: Row): readonly LotId[] {
  const milestones = (row['milestone_lots'] ?? []) as readonly string[];
  const own = readPurchase(row).grants.map(({ lotId }) => lotId);
  return [...own, ...milestones.map((uuid) => uuidToId('lot', uuid))];
}

export function readPurchase(row: Row): RecordedPurchase {
  const explanation = row['explanation'] as readonly RuleTrace[];
  return {
    facts: readFacts(row),
    memberId: uuidToId('mbr', row['member_id'] as string),
    counted: (row['counted'] as boolean | null) ?? !explanation.some(({ why }) => why === 'memberNotActive'),
    grants: ((row['grants'] ?? []) as unknown[][]).map(readGrant),
    status: (row['status_awards'] ?? []) as readonly StatusAward[],
    trace: row['explanation'],
    returns: ((row['returns'] ?? []) as Row[]).map(readReturn),
  };
}

export function readFacts(row: Row): PurchaseFacts {
  return {
    purchaseId: uuidToId('pur', row['purchase_id'] as string),
    source: row['source'] as string,
    receiptNo: row['receipt_no'] as string,
    occurredAt: (row['occurred_at'] as Date).getTime(),
    businessDate: row['business_date'] as string,
    currency: row['currency'] as string,
    channel: row['channel'] as string | null,
    lines: row['lines'] as readonly PurchaseLine[],
    tenders: row['tenders'] as readonly Tender[],
    redemptionIds: row['redemption_ids'] as readonly RedemptionId[],
    attributes: row['attributes'] as Record<string, unknown>,
  };
}

function readGrant(row: unknown[]): PurchaseGrant {
  const [lotId, ruleId, version, origin, points, lines, cancelled, goneElsewhere] = row;
  return {
    lotId: uuidToId('lot', lotId as string),
    rule: { id: ruleId as string, version: version as number },
    origin: origin as LotOrigin,
    points: points as number,
    lines: (lines as [number, number][]).map(([lineNo, part]) => ({ lineNo, points: part })),
    cancelled: cancelled as boolean,
    goneElsewhere: Number(goneElsewhere),
  };
}

function readReturn(row: Row): RecordedReturn {
  return {
    returnId: uuidToId(row['undo'] === true ? 'udg' : 'ret', row['id'] as string),
    occurredAt: Number(row['at']),
    lines: row['lines'] as RecordedReturn['lines'],
    grants: row['grants'] as RecordedReturn['grants'],
    redemptions: row['redemptions'] as RecordedReturn['redemptions'],
    status: (row['status'] ?? []) as RecordedReturn['status'],
  };
}
