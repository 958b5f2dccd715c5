import { instant, list, nullable, object, ref, text, whole } from '../kernel/json-schema.js';

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
  redemptions: list(object({ id: text, points: whole })),
};

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
  RuleTrace: object({
    rule: ruleRef,
    name: text,
    matched: { type: 'boolean' },
    why: text,
    basisMinor: whole,
    points: whole,
    multiplier: nullable(text),
    limitedBy: nullable(text),
    rounding: nullable(text),
  }),
  Purchase: object({
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
  }),
  Return: object(returnFields),
  ReturnAnswer: object({ ...returnFields, ...outcomeFields, ...accountFields }),
  FoundReturns: object({ returns: list(object({ ...returnFields, ...outcomeFields })), ...accountFields }),
  ExchangeAnswer: object({
    return: object({ ...returnFields, ...outcomeFields }),
    purchase: ref('Purchase'),
    tierChange: outcomeFields.tierChange,
    ...accountFields,
  }),
};
