import { instant, list, nullable, object, ref, text, whole } from '../kernel/json-schema.js';

const ruleRef = object({ id: text, version: whole });

/** What purchases answer, by name. */
export const purchaseSchemas = {
  Grant: object({
    lotId: text,
    rule: ruleRef,
    origin: text,
    points: whole,
    state: { type: 'string', enum: ['available', 'expired'] },
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
    balance: ref('Balance'),
    standing: ref('Standing'),
    tierChange: nullable(object({ from: nullable(text), to: text, since: instant })),
    notices: list(object({ code: text, detail: text })),
    explanation: nullable(list(ref('RuleTrace'))),
  }),
};
