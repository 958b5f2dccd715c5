import type { AuditedAction } from '../kernel/audited-actions.js';
import type { DomainEventOf } from '../kernel/domain-events.js';
import { uuidToId, type AccountId, type AdjustmentId, type Id } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import { AUDIT_LOG, auditRow } from '../platform/audit/audit-log.table.js';
import type { AccountSlice } from '../platform/pipeline/index.js';
import type { Row } from '../platform/database/row.js';
import { NAMED_ADJUSTMENTS } from './adjustment-load.query.js';
import { adjustmentView } from './adjustment-view.js';
import { APPROVAL_USES } from './approval-uses.slice.js';
import { ADJUSTMENT_DECISIONS, adjustmentRow, ADJUSTMENTS, readAdjustment } from './adjustment.rows.js';
import type { AdjustmentFacts, LimitUse } from './domain/adjustment-facts.js';

/** The audit entry of a step of an adjustment; kept for ever. */
interface AuditEntry {
  readonly auditId: Id<'adt'>;
  readonly programmeId: string;
  readonly at: Instant;
  readonly actor: string;
  readonly action: AuditedAction & `adjustment.${string}`;
  readonly before: AdjustmentFacts | null;
  readonly after: AdjustmentFacts;
}

interface AdjustmentsState {
  readonly accountId: AccountId;
  readonly programmeId: string | null;
  /** Those that commands name, those that gave points of a named lot back, and those made since. */
  readonly known: ReadonlyMap<AdjustmentId, AdjustmentFacts>;
  /** Under which account each is kept. */
  readonly keptUnder: ReadonlyMap<AdjustmentId, AccountId>;
  /** Not written yet. */
  readonly opened: ReadonlySet<AdjustmentId>;
  readonly decided: ReadonlySet<AdjustmentId>;
  readonly audit: readonly AuditEntry[];
  readonly uses: readonly (LimitUse & { readonly adjustment: AdjustmentFacts })[];
}

type AdjustmentEvent = DomainEventOf<
  'adjustment.requested' | 'adjustment.posted' | 'adjustment.rejected' | 'adjustment.continued'
>;

/** An account's adjustments in the pipeline, and their entries in the audit log. */
export const adjustmentsSlice: AccountSlice<AdjustmentsState> = {
  scope: 'account',
  name: 'adjustments',
  columns: [],
  read: (row) => nothingNew(uuidToId('acc', row['account_id'] as string)),
  afterWrite: ({ accountId }) => nothingNew(accountId),
  lazyRows: {
    sql: NAMED_ADJUSTMENTS,
    referencedKinds: ['adj', 'lot'],
    onlyReferenced: true,
    merge: (state, rows) => ({
      ...state,
      known: new Map(
        rows
          .map((row) => readAdjustment(row['adjustment'] as Row))
          .map((adjustment) => [adjustment.adjustmentId, adjustment] as const),
      ),
      keptUnder: new Map(
        rows.map(
          (row) =>
            [
              uuidToId('adj', (row['adjustment'] as Row)['adjustment_id'] as string),
              uuidToId('acc', row['kept_under'] as string),
            ] as const,
        ),
      ),
    }),
  },
  apply: (state, event, { programmeId }) => {
    switch (event.type) {
      case 'adjustment.requested':
      case 'adjustment.posted':
      case 'adjustment.rejected':
      case 'adjustment.continued':
        return recorded(state, event, programmeId);
      default:
        return state;
    }
  },
  rows: ({ accountId, programmeId, known, keptUnder, opened, decided, audit, uses }, sink) => {
    const rowOf = (adjustment: AdjustmentFacts) => ({
      ...adjustmentRow(adjustment),
      account_id: keptUnder.get(adjustment.adjustmentId),
      programme_id: programmeId,
    });
    for (const adjustmentId of new Set([...opened, ...decided])) {
      const table = opened.has(adjustmentId) ? ADJUSTMENTS : ADJUSTMENT_DECISIONS;
      sink.add(table, accountId, rowOf(known.get(adjustmentId) as AdjustmentFacts));
    }
    for (const { auditId, programmeId: programme, at, actor, action, before, after } of audit) {
      const { adjustmentId, memberId } = after;
      const entry = auditRow({
        ...{ auditId, programmeId: programme, accountId, memberId, at, actor, action },
        subject: `adjustment/${adjustmentId}`,
        before: before && adjustmentView(before),
        after: adjustmentView(after),
        kept: { id: adjustmentId, digest: sink.digest(ADJUSTMENTS, rowOf(after)) },
      });
      sink.add(AUDIT_LOG, accountId, entry);
    }
    for (const { line, day, sequence, points, adjustment } of uses) {
      sink.add(APPROVAL_USES, accountId, {
        ...{
          programme_id: programmeId,
          reason_id: adjustment.reason.id,
          line_key_id: line,
          day,
          sequence,
          points,
        },
        ...{ account_id: accountId, adjustment_id: adjustment.adjustmentId },
      });
    }
  },
};

function recorded(state: AdjustmentsState, event: AdjustmentEvent, programmeId: string): AdjustmentsState {
  const { adjustment, auditId, use } = event.data;
  const { adjustmentId, decision } = adjustment;
  const before = state.known.get(adjustmentId) ?? null;
  const approved = event.type === 'adjustment.posted' && decision !== null;
  const entry: AuditEntry = {
    ...{ auditId, programmeId, before, after: adjustment },
    at: event.recordedAt,
    actor: event.actor,
    action: approved ? 'adjustment.approved' : event.type,
  };
  return {
    ...state,
    programmeId,
    known: new Map([...state.known, [adjustmentId, adjustment]]),
    keptUnder: before ? state.keptUnder : new Map([...state.keptUnder, [adjustmentId, event.accountId]]),
    opened: before ? state.opened : new Set([...state.opened, adjustmentId]),
    decided: before ? new Set([...state.decided, adjustmentId]) : state.decided,
    audit: [...state.audit, entry],
    uses: use ? [...state.uses, { ...use, adjustment }] : state.uses,
  };
}

function nothingNew(accountId: AccountId): AdjustmentsState {
  return {
    accountId,
    programmeId: null,
    known: new Map(),
    keptUnder: new Map(),
    opened: new Set(),
    decided: new Set(),
    audit: [],
    uses: [],
  };
}
