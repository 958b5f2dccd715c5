import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { LotPoints } from '../kernel/domain-events.js';
import { idToUuid, uuidToId, type ProgrammeId, type PurchaseId, type RedemptionId } from '../kernel/ids.js';
import { formatInstant, type Instant } from '../kernel/time.js';
import { presentMember } from '../members/index.js';
import type { Row } from '../platform/database/row.js';
import type { Target } from '../platform/pipeline/index.js';
import { Prepared } from '../platform/database/prepared.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import type { LookedUp } from './domain/return-body.js';
import { OPENED_LOTS, WAITING_ACCOUNTS } from './recorded-purchase.query.js';

/** Where goods are looked for whose receipt is not known: how far back, and in how many receipts that sold such. */
export const SOUGHT_DAYS = 366;
export const MAX_CANDIDATES = 50;
/** Receipts looked into for that. */
export const MAX_SCANNED = 1000;

const BY_NUMBER = `SELECT coalesce(c.answer::json ->> 'id', c.answer::json -> 'purchase' ->> 'id') AS id
  FROM claims c WHERE c.programme_id = $1 AND c.scope = 'receipt' AND c.key = $2`;

/** Receipts of a member `$2`, or of the one with the identity `$3`, `$4`, and of members merged into that member. */
const BOUGHT = `WITH named AS (
    SELECT coalesce(m.merged_into, m.member_id) AS member_id FROM members m
      WHERE m.programme_id = $1 AND m.member_id = $2
    UNION ALL
    SELECT i.member_id FROM member_identities i WHERE i.programme_id = $1 AND i.type = $3 AND i.value = $4),
  own AS (
    SELECT n.member_id FROM named n UNION
    SELECT m.member_id FROM members m JOIN named n ON m.merged_into = n.member_id)
  SELECT r.purchase_id
  FROM (SELECT p.purchase_id, p.occurred_at, p.lines FROM own o JOIN purchases p ON p.member_id = o.member_id
    WHERE p.occurred_at <= $5 AND p.occurred_at > $5::timestamptz - make_interval(days => ${SOUGHT_DAYS})
    ORDER BY p.occurred_at DESC, p.purchase_id DESC LIMIT ${MAX_SCANNED}) r
  WHERE EXISTS (SELECT 1 FROM json_array_elements(r.lines) l WHERE l ->> 'sku' = ANY($6::text[]))
  ORDER BY r.occurred_at DESC, r.purchase_id DESC LIMIT ${MAX_CANDIDATES}`;

/**
 * What was recorded with a receipt once and for all, and whether its points may be elsewhere than in the account that
 * its member has now. Of one receipt, by its id: a list of unknown length is taken for ten, so PostgreSQL would plan
 * for each list anew, which costs ten times what the answer does.
 */
const RECORDED = new Prepared(
  'return-recorded',
  `SELECT p.purchase_id, p.occurred_at, p.redemption_ids,
    coalesce(p.lot_ids, (SELECT json_agg(l.lot_id) FROM lots l WHERE l.account_id = p.account_id
      AND l.purchase_id = p.purchase_id AND l.parent_lot_id IS NULL)) AS lot_ids,
    now.account_id AS present_account,
    p.account_id <> now.account_id OR EXISTS (SELECT FROM (${OPENED_LOTS}) o WHERE o.moved > 0) AS may_be_elsewhere
  FROM purchases p
  ${presentMember('p', '$1')}
  WHERE p.purchase_id = $2`,
);

const WAITING = new Prepared(
  'return-waiting',
  `SELECT w.account_id FROM purchases p CROSS JOIN LATERAL (${WAITING_ACCOUNTS} LIMIT 1) w WHERE p.purchase_id = $1`,
);

const REDEEMED_LOTS = new Prepared(
  'return-redeemed-lots',
  `SELECT r.lots FROM redemptions r WHERE r.redemption_id = ANY($1::uuid[])`,
);

/** Finds the receipts that a return may be about, and what their commands must load. */
@Injectable()
export class ReturnLookup {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** The receipt with a number, whether it was posted by itself or in an exchange. */
  async byNumber(programmeId: ProgrammeId, key: string): Promise<PurchaseId | null> {
    const [row] = await this.dataSource.query<Row[]>(BY_NUMBER, [idToUuid(programmeId), key]);
    return (row?.['id'] as PurchaseId | undefined) ?? null;
  }

  /** A member's receipts that sold any of these, latest first, within the bounds above. */
  async bought(
    programmeId: ProgrammeId,
    member: Target,
    skus: readonly string[],
    until: Instant,
  ): Promise<readonly PurchaseId[]> {
    const rows = await this.dataSource.query<Row[]>(BOUGHT, [
      idToUuid(programmeId),
      'id' in member ? idToUuid(member.id) : null,
      'type' in member ? member.type : null,
      'value' in member ? member.value : null,
      formatInstant(until),
      skus,
    ]);
    return rows.map((row) => uuidToId('pur', row['purchase_id'] as string));
  }

  /** What is known of receipts; of one that the programme does not have, nothing. */
  async lookUp(programmeId: ProgrammeId, purchaseIds: readonly PurchaseId[]): Promise<LookedUp> {
    const found = await Promise.all(
      purchaseIds.map((id) => RECORDED.rows(this.dataSource, [idToUuid(programmeId), idToUuid(id)])),
    );
    const rows = found.flat();
    const candidates = rows.map((row) => uuidToId('pur', row['purchase_id'] as string));
    const redemptionIds = rows.flatMap((row) => row['redemption_ids'] as RedemptionId[]);
    const lotIds = rows
      .flatMap((row) => (row['lot_ids'] ?? []) as string[])
      .map((lotId) => uuidToId('lot', lotId));
    const instants = rows.map((row) => (row['occurred_at'] as Date).getTime());
    return {
      candidates,
      waiting: await this.waitsElsewhere(rows),
      referencedIds: [
        ...candidates,
        ...lotIds,
        ...redemptionIds,
        ...(await this.redeemedLots(redemptionIds)),
      ],
      earliestAt: instants.length === 0 ? null : Math.min(...instants),
    };
  }

  /** The first receipt whose points wait in another account: what waits in the member's own is reached without it. */
  private async waitsElsewhere(rows: readonly Row[]): Promise<PurchaseId | null> {
    for (const row of rows) {
      if (row['may_be_elsewhere'] !== true) continue;
      const [place] = await WAITING.rows(this.dataSource, [row['purchase_id']]);
      if (place && place['account_id'] !== row['present_account'])
        return uuidToId('pur', row['purchase_id'] as string);
    }
    return null;
  }

  private async redeemedLots(redemptionIds: readonly RedemptionId[]): Promise<readonly string[]> {
    if (redemptionIds.length === 0) return [];
    const rows = await REDEEMED_LOTS.rows(this.dataSource, [redemptionIds.map(idToUuid)]);
    return rows.flatMap((row) => (row['lots'] as LotPoints[]).map(({ lotId }) => lotId));
  }
}
