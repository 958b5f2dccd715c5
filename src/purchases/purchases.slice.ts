import type { PurchaseFacts, RuleTrace } from '../kernel/domain-events.js';
import { idToUuid, type LotId, type MemberId, type PurchaseId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import type { AccountSlice } from '../platform/pipeline/slice.js';
import type { Table } from '../platform/pipeline/table.js';
import { PURCHASES_WITH_RETURNS, readPurchase } from './recorded-purchase.query.js';
import type { RecordedPurchase } from './domain/recorded-purchase.js';

interface NewPurchase {
  readonly facts: PurchaseFacts;
  readonly memberId: MemberId;
  readonly recordedAt: Instant;
  readonly explanation: readonly RuleTrace[];
  readonly lotIds: readonly LotId[];
}

interface PurchasesState {
  readonly accountId: string | null;
  readonly recorded: readonly NewPurchase[];
  /** Receipts that commands name, with what came back of them so far. */
  readonly known: ReadonlyMap<PurchaseId, RecordedPurchase>;
}

const PURCHASES: Table = {
  name: 'purchases',
  mode: 'insert',
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
  ],
};

/** Collects the receipts a batch records, with the trace of the rules that judged each. */
export const purchasesSlice: AccountSlice<PurchasesState> = {
  scope: 'account',
  name: 'purchases',
  columns: [],
  read: () => ({ accountId: null, recorded: [], known: new Map() }),
  details: {
    sql: PURCHASES_WITH_RETURNS,
    bySubject: true,
    merge: (state, rows) => {
      const known = rows.map(readPurchase).map((purchase) => [purchase.facts.purchaseId, purchase] as const);
      return { ...state, known: new Map(known) };
    },
  },
  apply: (state, event) => {
    if (event.type === 'purchase.recorded') {
      const { memberId, recordedAt } = event;
      const recorded = {
        facts: event.data.purchase,
        memberId,
        recordedAt,
        explanation: [],
        lotIds: [],
      };
      return { ...state, accountId: event.accountId, recorded: [...state.recorded, recorded] };
    }
    if (event.type === 'points.awarded') {
      const { purchase, explanation } = event.data;
      const recorded = state.recorded.map((item) =>
        item.facts.purchaseId === purchase.purchaseId ? { ...item, explanation } : item,
      );
      return { ...state, recorded };
    }
    if (event.type === 'lots.granted') {
      const { purchaseId, lots } = event.data;
      const lotIds = lots.map(({ lotId }) => lotId);
      const recorded = state.recorded.map((item) =>
        item.facts.purchaseId === purchaseId ? { ...item, lotIds } : item,
      );
      return { ...state, recorded };
    }
    return state;
  },
  rows: ({ accountId, recorded }, sink) => {
    for (const { facts, memberId, recordedAt, explanation, lotIds } of recorded) {
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
        explanation,
        lot_ids: lotIds.map(idToUuid),
      });
    }
  },
};
