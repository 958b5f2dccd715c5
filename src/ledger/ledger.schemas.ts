import { byBucket } from './domain/lot.js';
import { amount, instant, list, nullable, object, page, ref, text, whole } from '../kernel/json-schema.js';

const hash = { type: 'string', pattern: '^[0-9a-f]{64}$' } as const;
const flag = { type: 'boolean' } as const;
const ruleRef = object({ id: text, version: whole });
const linePoints = list(object({ lineNo: whole, points: whole }));

/** What the ledger answers, by name. */
export const ledgerSchemas = {
  Balance: object({
    available: whole,
    pending: whole,
    held: whole,
    debt: whole,
    total: whole,
    lifetimeEarned: whole,
    lifetimeRedeemed: whole,
    expiring: list(object({ points: whole, expiresAt: instant })),
  }),
  Lot: object({
    id: text,
    memberId: text,
    origin: text,
    source: nullable(object({ type: text, id: text })),
    purchaseId: nullable(text),
    rule: nullable(ruleRef),
    lines: linePoints,
    points: whole,
    ...byBucket(() => whole),
    allocated: amount,
    liability: amount,
    valuation: nullable(ref('Valuation')),
    earnedAt: instant,
    availableAt: instant,
    expiresAt: nullable(instant),
    slides: flag,
    awaits: nullable(object({ event: text, thenDays: whole, cancelAt: instant })),
    parentLotId: nullable(text),
    rootLotId: nullable(text),
  }),
  Valuation: object({
    policyVersion: whole,
    method: text,
    valuePerPoint: text,
    redemptionProbability: text,
    taxRate: text,
    transactionPrice: nullable(amount),
    goodsSsp: nullable(amount),
    pointsValued: nullable(whole),
    unallocated: nullable({ type: 'string', enum: ['beforeBooks', 'debt'] }),
    opening: nullable(object({ source: text, externalId: text })),
  }),
  Movement: object({
    sequence: whole,
    lotId: nullable(text),
    memberId: text,
    from: text,
    to: text,
    points: whole,
    liability: amount,
    eventCode: nullable(text),
    cause: object({ type: text, id: text }),
    occurredAt: instant,
    recordedAt: instant,
    postingDate: { type: 'string', format: 'date' },
    effectiveAt: instant,
    effectiveDate: { type: 'string', format: 'date' },
    late: flag,
    setsExpiryAt: nullable(instant),
    terms: nullable(hash),
    hashVersion: whole,
    hash,
  }),
  Lots: page(ref('Lot')),
  Movements: page(ref('Movement')),
};
