import type { DomainEventOf, PurchaseFacts, StatusAward } from '../kernel/domain-events.js';
import { storedExplanation, type RuleTrace } from '../earning/index.js';
import { idToUuid, type MemberId, type PurchaseId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import { SEAL, type AccountSlice, type Table } from '../platform/pipeline/index.js';
import type { ReturnFacts } from './domain/return-facts.js';
import { lotsToTake, PURCHASES_WITH_RETURNS, readPurchase } from './recorded-purchase.query.js';
import type { PurchaseGrant, RecordedPurchase, RecordedReturn } from './domain/recorded-purchase.js';
import { addUndoneRows, undoneAsReturn } from './undone-grants.rows.js';

interface NewPurchase {
  readonly facts: PurchaseFacts;
  readonly memberId: MemberId;
  readonly recordedAt: Instant;
  readonly counted: boolean;
  readonly actor: string;
  readonly explanation: readonly RuleTrace[];
  readonly grants: readonly PurchaseGrant[];
  readonly status: readonly StatusAward[];
}

interface NewReturn {
  readonly facts: ReturnFacts;
  readonly purchaseId: PurchaseId;
  readonly memberId: MemberId;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
  readonly actor: string;
}

interface PurchasesState {
  readonly accountId: string | null;
  readonly recorded: readonly NewPurchase[];
  readonly returned: readonly NewReturn[];
  readonly undone: readonly DomainEventOf<'points.undone'>[];
  /** Receipts that commands name, with what came back of them so far. */
  readonly known: ReadonlyMap<PurchaseId, RecordedPurchase>;
}

const NO_STATUS: readonly StatusAward[] = [];
const NOTHING_NEW: PurchasesState = {
  accountId: null,
  recorded: [],
  returned: [],
  undone: [],
  known: new Map(),
};

export const PURCHASES: Table = {
  name: 'purchases',
  mode: 'insert',
  sealed: true,
  key: ['purchase_id', 'account_id'],
  columns: [
    { name: 'purchase_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'source', type: 'text' },
    { name: 'receipt_no', type: 'text' },
    { name: 'occurred_at', type: 'instant' },
    { name: 'recorded_at', type: 'instant' },
    { name: 'business_date', type: 'date' },
    { name: 'currency', type: 'text' },
    { name: 'channel', type: 'text' },
    { name: 'amount_minor', type: 'bigint' },
    { name: 'tax_minor', type: 'bigint' },
    { name: 'lines', type: 'json' },
    { name: 'tenders', type: 'json' },
    { name: 'redemption_ids', type: 'json' },
    { name: 'attributes', type: 'json' },
    { name: 'explanation', type: 'json' },
    { name: 'lot_ids', type: 'json' },
    { name: 'counted', type: 'boolean' },
    { name: 'actor', type: 'text' },
    { name: 'status_awards', type: 'json' },
    SEAL,
  ],
};

/** What terminals numbered; no row for a receipt that carries no number. */
export const TERMINAL_RECEIPTS: Table = {
  name: 'terminal_receipts',
  mode: 'insert',
  sealed: true,
  key: ['account_id', 'purchase_id'],
  columns: [
    { name: 'purchase_id', type: 'id' },
    { name: 'source', type: 'text' },
    { name: 'terminal_id', type: 'text' },
    { name: 'terminal_sequence', type: 'bigint' },
    { name: 'business_date', type: 'date' },
    SEAL,
  ],
};

export const RETURNS: Table = {
  name: 'returns',
  mode: 'insert',
  sealed: true,
  key: ['return_id', 'account_id'],
  columns: [
    { name: 'return_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'purchase_id', type: 'id' },
    { name: 'source', type: 'text' },
    { name: 'receipt_no', type: 'text' },
    { name: 'occurred_at', type: 'instant' },
    { name: 'recorded_at', type: 'instant' },
    { name: 'lines', type: 'json' },
    { name: 'grants', type: 'json' },
    { name: 'redemptions', type: 'json' },
    { name: 'taken_from', type: 'json' },
    { name: 'points_taken', type: 'bigint' },
    { name: 'debt', type: 'bigint' },
    { name: 'forgiven', type: 'bigint' },
    { name: 'keep_from_refund_minor', type: 'bigint' },
    { name: 'adjustment_id', type: 'id' },
    { name: 'actor', type: 'text' },
    { name: 'refund_minor', type: 'bigint' },
    { name: 'status_awards', type: 'json' },
    SEAL,
  ],
};

/** Collects the receipts a batch records, with the trace of the rules that evaluated each, and what comes back of them. */
export const purchasesSlice: AccountSlice<PurchasesState> = {
  scope: 'account',
  name: 'purchases',
  columns: [],
  read: () => NOTHING_NEW,
  afterWrite: () => NOTHING_NEW,
  lazyRows: {
    sql: PURCHASES_WITH_RETURNS,
    referencedKinds: ['pur'],
    onlyReferenced: true,
    merge: (state, rows) => {
      const known = rows.map(readPurchase).map((purchase) => [purchase.facts.purchaseId, purchase] as const);
      return { ...state, known: new Map(known) };
    },
    referencedBy: (rows) => rows.flatMap(lotsToTake),
  },
  apply: (state, event) => {
    if (event.type === 'purchase.recorded') {
      const { memberId, recordedAt, actor } = event;
      const recorded: NewPurchase = {
        facts: event.data.purchase,
        memberId,
        recordedAt,
        counted: event.data.memberActive,
        actor,
        explanation: [],
        grants: [],
        status: NO_STATUS,
      };
      return withRecorded(state, event.accountId, [...state.recorded, recorded]);
    }
    if (event.type === 'points.awarded') {
      const { source, explanation, status = NO_STATUS } = event.data;
      if (explanation.length === 0) return state;
      const purchaseId = source.purchaseId ?? source.id;
      const recorded = state.recorded.map((item) =>
        item.facts.purchaseId === purchaseId
          ? withExplanation(item, [...item.explanation, ...explanation], item.grants, [
              ...item.status,
              ...status,
            ])
          : item,
      );
      return withRecorded(state, state.accountId, recorded);
    }
    if (event.type === 'lots.granted') {
      const { purchaseId, lots } = event.data;
      // What a milestone or a promotion gave does not go with the goods of the receipt that reached it.
      const grants = lots.flatMap(({ lotId, source, rule, origin, points, lines, milestone }) =>
        rule && !milestone && source?.type !== 'promotion'
          ? [{ lotId, rule, origin, points, lines, cancelled: false, goneElsewhere: 0 }]
          : [],
      );
      const recorded = state.recorded.map((item) =>
        item.facts.purchaseId === purchaseId
          ? withExplanation(item, item.explanation, [...item.grants, ...grants], item.status)
          : item,
      );
      return withRecorded(state, state.accountId, recorded);
    }
    if (event.type === 'awards.cancelled') return withCancelled(state, event);
    if (event.type === 'awards.undone') return withUndone(state, event);
    if (event.type === 'points.undone') return { ...state, undone: [...state.undone, event] };
    return event.type === 'purchase.returned' ? withReturn(state, event) : state;
  },
  rows: ({ accountId, recorded, returned, undone }, sink) => {
    addUndoneRows(undone, sink);
    for (const { facts, memberId, recordedAt, counted, actor, explanation, grants, status } of recorded) {
      sink.add(PURCHASES, accountId as string, {
        purchase_id: facts.purchaseId,
        member_id: memberId,
        source: facts.source,
        receipt_no: facts.receiptNo,
        occurred_at: facts.occurredAt,
        recorded_at: recordedAt,
        business_date: facts.businessDate,
        currency: facts.currency,
        channel: facts.channel,
        amount_minor: facts.lines.reduce((sum, line) => sum + line.amountMinor, 0),
        tax_minor: facts.lines.reduce((sum, line) => sum + line.taxMinor, 0),
        lines: facts.lines,
        tenders: facts.tenders,
        redemption_ids: facts.redemptionIds,
        attributes: facts.attributes,
        explanation: storedExplanation(explanation),
        lot_ids: grants.map(({ lotId }) => idToUuid(lotId)),
        counted,
        actor,
        status_awards: status.length === 0 ? null : status,
      });
      if (facts.terminal === undefined) continue;
      sink.add(TERMINAL_RECEIPTS, accountId as string, {
        purchase_id: facts.purchaseId,
        source: facts.source,
        terminal_id: facts.terminal.id,
        terminal_sequence: facts.terminal.sequence,
        business_date: facts.businessDate,
      });
    }
    for (const { facts, purchaseId, memberId, occurredAt, recordedAt, actor } of returned) {
      sink.add(RETURNS, accountId as string, {
        return_id: facts.returnId,
        member_id: memberId,
        purchase_id: purchaseId,
        source: facts.source,
        receipt_no: facts.receiptNo,
        occurred_at: occurredAt,
        recorded_at: recordedAt,
        lines: facts.lines,
        grants: facts.grants,
        redemptions: facts.redemptions,
        taken_from: facts.takenFrom,
        points_taken: facts.pointsTaken,
        debt: facts.debt,
        forgiven: facts.forgiven,
        keep_from_refund_minor: facts.keepFromRefundMinor,
        adjustment_id: facts.adjustmentId,
        actor,
        refund_minor: facts.refundMinor,
        status_awards: facts.status.length === 0 ? null : facts.status,
      });
    }
  },
};

function withRecorded(
  { returned, undone, known }: PurchasesState,
  accountId: string | null,
  recorded: readonly NewPurchase[],
): PurchasesState {
  return { accountId, recorded, returned, undone, known };
}

/** A receipt with what its rules said and gave. */
function withExplanation(
  { facts, memberId, recordedAt, counted, actor }: NewPurchase,
  explanation: readonly RuleTrace[],
  grants: readonly PurchaseGrant[],
  status: readonly StatusAward[],
): NewPurchase {
  return { facts, memberId, recordedAt, counted, actor, explanation, grants, status };
}

/** A receipt that was loaded for a command, or recorded by this very batch. */
export function recordedPurchase(
  state: PurchasesState,
  purchaseId: PurchaseId,
): RecordedPurchase | undefined {
  const known = state.known.get(purchaseId);
  if (known) return known;
  const recorded = state.recorded.find(({ facts }) => facts.purchaseId === purchaseId);
  return recorded && { ...recorded, trace: storedExplanation(recorded.explanation), returns: [] };
}

function withCancelled(state: PurchasesState, event: DomainEventOf<'awards.cancelled'>): PurchasesState {
  const { lots, elsewhere } = event.data;
  const cancelled = (grant: PurchaseGrant): PurchaseGrant => {
    const parts = lots.filter(({ lotId }) => lotId === grant.lotId);
    if (parts.length === 0) return grant;
    const gone = elsewhere ? parts.reduce((sum, { points }) => sum + points, 0) : 0;
    return { ...grant, cancelled: true, goneElsewhere: grant.goneElsewhere + gone };
  };
  const marked = <P extends { readonly grants: readonly PurchaseGrant[] }>(purchase: P): P => ({
    ...purchase,
    grants: purchase.grants.map(cancelled),
  });
  return {
    ...state,
    recorded: state.recorded.map(marked),
    known: new Map([...state.known].map(([purchaseId, purchase]) => [purchaseId, marked(purchase)] as const)),
  };
}

function withReturn(state: PurchasesState, event: DomainEventOf<'purchase.returned'>): PurchasesState {
  const { returned: facts, purchase } = event.data;
  const { purchaseId } = purchase;
  const { accountId, memberId, occurredAt, recordedAt, actor } = event;
  const { returnId, lines, grants, redemptions, status } = facts;
  const recorded = { returnId, occurredAt, lines, grants, redemptions, status };
  return {
    ...state,
    accountId,
    returned: [...state.returned, { facts, purchaseId, memberId, occurredAt, recordedAt, actor }],
    known: withBack(state, purchaseId, recorded),
  };
}

function withUndone(state: PurchasesState, event: DomainEventOf<'awards.undone'>): PurchasesState {
  const { purchaseId } = event.data.purchase;
  return { ...state, known: withBack(state, purchaseId, undoneAsReturn(event)) };
}

/** The receipts, of one of which something was taken back. */
function withBack(
  state: PurchasesState,
  purchaseId: PurchaseId,
  back: RecordedReturn,
): PurchasesState['known'] {
  const before = recordedPurchase(state, purchaseId);
  if (!before) throw new Error(`${purchaseId} is not loaded`);
  return new Map([...state.known, [purchaseId, { ...before, returns: [...before.returns, back] }]]);
}
