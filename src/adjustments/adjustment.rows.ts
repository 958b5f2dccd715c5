import type { LotOrigin, LotPoints } from '../kernel/domain-events.js';
import { uuidToId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import type { Table } from '../platform/pipeline/index.js';
import type {
  AdjustmentFacts,
  AdjustmentKind,
  AdjustmentStatus,
  CorrectionOutcome,
  DebitKind,
} from './domain/adjustment-facts.js';

const DECISION = [
  { name: 'status', type: 'text' },
  { name: 'points', type: 'bigint' },
  { name: 'reason_version', type: 'int' },
  { name: 'origin', type: 'text' },
  { name: 'lots', type: 'json' },
  { name: 'outcome', type: 'json' },
  { name: 'decided_by', type: 'text' },
  { name: 'decided_at', type: 'instant' },
  { name: 'decision_note', type: 'text' },
] as const;

const KEY = [
  { name: 'account_id', type: 'id' },
  { name: 'adjustment_id', type: 'id' },
] as const;

/** An adjustment stays under the account it was requested for, even if its member has another when it is decided. */
const KEPT = { name: 'adjustments', key: ['account_id', 'adjustment_id'], accountScoped: false } as const;

export const ADJUSTMENTS: Table = {
  ...KEPT,
  mode: 'insert',
  columns: [
    ...KEY,
    { name: 'programme_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'kind', type: 'text' },
    { name: 'reason_id', type: 'text' },
    { name: 'lot_id', type: 'id' },
    { name: 'debit_kind', type: 'text' },
    { name: 'corrects_id', type: 'id' },
    { name: 'expiring_by', type: 'instant' },
    { name: 'expires_at', type: 'instant' },
    { name: 'occurred_at', type: 'instant' },
    { name: 'evidence', type: 'text' },
    { name: 'approved_by', type: 'text' },
    { name: 'external_id', type: 'text' },
    { name: 'requested_by', type: 'text' },
    { name: 'requested_at', type: 'instant' },
    { name: 'lapses_at', type: 'instant' },
    ...DECISION,
    { name: 'purchase_id', type: 'id' },
  ],
};

/** What a decision adds to a request. */
export const ADJUSTMENT_DECISIONS: Table = { ...KEPT, mode: 'update', columns: [...KEY, ...DECISION] };

export function adjustmentRow(adjustment: AdjustmentFacts): Record<string, unknown> {
  const { reason, decision } = adjustment;
  return {
    adjustment_id: adjustment.adjustmentId,
    member_id: adjustment.memberId,
    kind: adjustment.kind,
    reason_id: reason.id,
    lot_id: adjustment.lotId,
    expiring_by: adjustment.expiringBy,
    expires_at: adjustment.expiresAt,
    occurred_at: adjustment.occurredAt,
    evidence: adjustment.evidence,
    approved_by: adjustment.approvedBy,
    external_id: adjustment.externalId,
    requested_by: adjustment.requestedBy,
    requested_at: adjustment.requestedAt,
    lapses_at: adjustment.lapsesAt,
    status: adjustment.status,
    points: adjustment.points,
    reason_version: reason.version,
    origin: adjustment.origin,
    lots: adjustment.lots,
    outcome: adjustment.outcome,
    debit_kind: adjustment.debitKind,
    corrects_id: adjustment.correctsId,
    purchase_id: adjustment.purchaseId,
    decided_by: decision?.by ?? null,
    decided_at: decision?.at ?? null,
    decision_note: decision?.note ?? null,
  };
}

/** A row of `adjustments`, as the driver or as JSON gives it. */
export function readAdjustment(row: Row): AdjustmentFacts {
  const decidedAt = instant(row['decided_at']);
  return {
    adjustmentId: uuidToId('adj', row['adjustment_id'] as string),
    memberId: uuidToId('mbr', row['member_id'] as string),
    kind: row['kind'] as AdjustmentKind,
    status: row['status'] as AdjustmentStatus,
    points: Number(row['points']),
    reason: { id: row['reason_id'] as string, version: Number(row['reason_version']) },
    origin: row['origin'] as LotOrigin | null,
    lotId: row['lot_id'] === null ? null : uuidToId('lot', row['lot_id'] as string),
    expiringBy: instant(row['expiring_by']),
    expiresAt: instant(row['expires_at']),
    occurredAt: instant(row['occurred_at']),
    lots: row['lots'] as LotPoints[],
    debitKind: row['debit_kind'] as DebitKind | null,
    correctsId: row['corrects_id'] === null ? null : uuidToId('adj', row['corrects_id'] as string),
    purchaseId: row['purchase_id'] === null ? null : uuidToId('pur', row['purchase_id'] as string),
    outcome: row['outcome'] as CorrectionOutcome | null,
    evidence: row['evidence'] as string | null,
    approvedBy: row['approved_by'] as string | null,
    externalId: row['external_id'] as string | null,
    requestedBy: row['requested_by'] as string,
    requestedAt: instant(row['requested_at']) ?? 0,
    lapsesAt: instant(row['lapses_at']),
    decision:
      decidedAt === null
        ? null
        : {
            by: row['decided_by'] as string,
            at: decidedAt,
            note: row['decision_note'] as string | null,
          },
  };
}

function instant(value: unknown): Instant | null {
  return value === null ? null : new Date(value as string | Date).getTime();
}
