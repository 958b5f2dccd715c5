import {
  day,
  flag,
  free,
  instant,
  list,
  nullable,
  object,
  oneOf,
  page,
  ref,
  text,
  whole,
} from '../kernel/json-schema.js';
import { LINE_REVENUES, TENDER_KINDS } from '../kernel/points-paid.js';
import { UNMATCHED_STATES } from './domain/unmatched-receipt.js';
import { TERMINAL_FINDINGS } from './terminal-sequences.query.js';
import { wordingSchema } from '../platform/versioned-config/config-schemas.js';

const ruleRef = object({ id: text, version: whole });

const outcomeFields = {
  tierChange: nullable(object({ from: nullable(text), to: text, since: instant })),
  notices: list(object({ code: text, detail: text })),
};
const accountFields = { balance: ref('Balance'), standing: ref('Standing') };

const returnFields = {
  id: text,
  purchaseId: text,
  memberId: text,
  accountId: text,
  source: text,
  receiptNo: text,
  adjustmentId: nullable(text),
  occurredAt: instant,
  recordedAt: instant,
  pointsTaken: whole,
  pointsFromDebtPolicy: object({ debt: whole, forgiven: whole, keepFromRefundMinor: whole }),
  takenFrom: list(object({ lotId: text, points: whole }, { accountId: text })),
  pointsGone: whole,
  notTaken: whole,
  lines: list(object({ lineNo: whole, quantity: text, amountMinor: whole, taxMinor: whole })),
  refundMinor: nullable(whole),
  redemptions: list(object({ id: text, points: whole, discountMinor: nullable(whole) })),
  milestones: list(object({ ruleId: text, steps: whole, points: whole })),
};

const purchaseFields = {
  id: text,
  memberId: text,
  accountId: text,
  source: text,
  receiptNo: text,
  occurredAt: instant,
  recordedAt: instant,
  pointsGranted: whole,
  pointsToDebt: whole,
  grants: list(ref('Grant')),
  redemptions: list(text),
  ...accountFields,
  ...outcomeFields,
  explanation: nullable(list(ref('RuleTrace'))),
};

/** A receipt without a member. */
const keptFields = {
  id: text,
  source: text,
  receiptNo: text,
  occurredAt: instant,
  recordedAt: instant,
  currency: text,
  amountMinor: whole,
  claimableUntil: instant,
};

/** Only where rules gave any, or a return took any. */
const counted = { statusPoints: whole };
/** The sentences only where the explanation was asked for. */
const explained = { ...counted, sentences: ref('ExplanationSentences') };

/** A line as it was recorded: with its defaults, and without what it did not say. */
const recordedLine = object(
  {
    lineNo: whole,
    sku: text,
    category: nullable(text),
    brand: nullable(text),
    quantity: text,
    amountMinor: whole,
    taxMinor: whole,
    attributes: free,
  },
  {
    rewardedQuantity: text,
    redemptionId: text,
    listMinor: whole,
    revenue: oneOf(LINE_REVENUES),
    commissionMinor: whole,
    commissionTaxMinor: whole,
  },
);

/** What purchases answer, by name. */
export const purchaseSchemas = {
  Grant: object({
    lotId: text,
    rule: ruleRef,
    origin: text,
    points: whole,
    state: { type: 'string', enum: ['available', 'pending', 'undelivered', 'expired'] },
    availableAt: instant,
    expiresAt: nullable(instant),
    lines: list(object({ lineNo: whole, points: whole })),
  }),
  RuleTrace: object(
    {
      rule: ruleRef,
      name: text,
      matched: { type: 'boolean' },
      why: text,
      basisMinor: whole,
      points: whole,
      multiplier: nullable(text),
      limitedBy: nullable(text),
      rounding: nullable(text),
    },
    {
      inForceFrom: instant,
      gives: oneOf(['points', 'status', 'both']),
      statusPoints: whole,
      raw: text,
      rounded: whole,
      limited: whole,
      beatenBy: text,
      tier: text,
      milestone: object({ measured: whole, steps: whole, missing: nullable(whole) }),
      condition: object({
        on: oneOf(['receipt', 'line', 'activity', 'occasion']),
        part: nullable(text),
        values: free,
      }),
    },
  ),
  ExplanationSentences: object({
    rules: list(wordingSchema),
    total: wordingSchema,
    later: list(wordingSchema),
  }),
  Purchase: object(purchaseFields, explained),
  RecordedPurchase: object(
    {
      ...purchaseFields,
      currency: text,
      channel: nullable(text),
      terminalId: nullable(text),
      terminalSequence: nullable(whole),
      lines: list(recordedLine),
      tenders: list(object({ type: text, amountMinor: whole }, { kind: oneOf(TENDER_KINDS) })),
      attributes: free,
      returns: list(ref('ReturnRecord')),
      undone: list(
        object({
          undoId: text,
          accountId: text,
          recordedAt: instant,
          pointsTaken: whole,
          debt: whole,
          forgiven: whole,
        }),
      ),
      actor: nullable(text),
    },
    explained,
  ),
  KeptReceipt: object({ ...keptFields, claimCode: nullable(text) }),
  PurchaseOrKept: { anyOf: [ref('Purchase'), ref('KeptReceipt')] },
  UnmatchedReceipt: object({
    ...keptFields,
    state: oneOf(UNMATCHED_STATES),
    return: nullable(object({ source: text, receiptNo: text })),
    actor: text,
  }),
  UnmatchedReceipts: page(ref('UnmatchedReceipt')),
  PurchaseLineAnswer: {
    anyOf: [
      object({ status: whole, replayed: flag, body: ref('PurchaseOrKept') }),
      object({ status: whole, problem: ref('Problem') }),
    ],
  },
  PurchaseSummary: object({
    id: text,
    memberId: text,
    accountId: text,
    source: text,
    receiptNo: text,
    occurredAt: instant,
    recordedAt: instant,
    businessDate: day,
    currency: text,
    channel: nullable(text),
    amountMinor: whole,
    taxMinor: whole,
    actor: nullable(text),
  }),
  Purchases: page(ref('PurchaseSummary')),
  TerminalFinding: object({
    kind: oneOf(TERMINAL_FINDINGS),
    source: text,
    terminalId: text,
    first: whole,
    last: whole,
    numbers: whole,
    receipts: whole,
    purchaseIds: list(text),
  }),
  TerminalSequences: page(ref('TerminalFinding')),
  Returns: page(ref('ReturnRecord')),
  ReturnRecord: object({ ...returnFields, actor: nullable(text) }, counted),
  ReturnAnswer: object({ ...returnFields, ...outcomeFields, ...accountFields }, counted),
  FoundReturns: object({
    returns: list(object({ ...returnFields, ...outcomeFields }, counted)),
    ...accountFields,
  }),
  ExchangeAnswer: object({
    return: object({ ...returnFields, ...outcomeFields }, counted),
    purchase: ref('Purchase'),
    tierChange: outcomeFields.tierChange,
    ...accountFields,
  }),
};
