import {
  amount,
  day,
  flag,
  instant,
  list,
  nullable,
  object,
  ref,
  text,
  whole,
} from '../kernel/json-schema.js';
import { configSchemas } from '../platform/versioned-config/config-schemas.js';
import { ROLL_FORWARD_ROWS } from './domain/roll-forward.js';
import { OUT_BUCKETS } from './lot-listing.query.js';

const month = { type: 'string', pattern: '^\\d{4}-\\d{2}$' };
/** A day, which is the end of it, or an instant; and as far as it was known when. */
const moment = { asOf: { anyOf: [day, instant] }, knownAt: nullable(instant) };
const book = { entity: nullable(text), currency: text };
const byOutBucket = Object.fromEntries(OUT_BUCKETS.map((bucket) => [bucket, whole]));

/** What finance answers, by name. */
export const financeSchemas = {
  Liability: object({
    ...moment,
    lines: list(object({ ...book, points: whole, gross: amount, expectedBreakage: amount, net: amount })),
  }),
  TieOut: object({
    ...moment,
    ties: flag,
    lines: list(
      object({
        ...book,
        lots: whole,
        differingLots: whole,
        negativeFigures: whole,
        subLedger: amount,
        control: amount,
        difference: amount,
        ties: flag,
      }),
    ),
  }),
  RollForward: object({
    from: month,
    to: month,
    knownAt: nullable(instant),
    ...book,
    months: list(
      object({
        period: month,
        rows: list(
          object({ row: { type: 'string', enum: ROLL_FORWARD_ROWS }, points: whole, gross: amount }),
        ),
      }),
    ),
  }),
  Journal: object({
    batchId: text,
    from: day,
    to: day,
    knownAt: nullable(instant),
    currency: text,
    lines: list(ref('JournalLine')),
    control: object({ lines: whole, debit: amount, credit: amount, sha256: text }),
  }),
  JournalLine: object({
    batchId: text,
    entryId: text,
    lineNo: whole,
    entity: nullable(text),
    ledger: text,
    postingDate: day,
    period: month,
    effectiveFrom: day,
    effectiveTo: day,
    eventCode: text,
    accountRole: text,
    accountCode: text,
    debit: amount,
    credit: amount,
    currency: text,
    fxRate: amount,
    functionalDebit: amount,
    functionalCredit: amount,
    dims: { type: 'object', additionalProperties: text },
    memo: text,
    sourceCount: whole,
    sourceHash: nullable(text),
    reversesEntryId: nullable(text),
    manual: flag,
    late: flag,
    policyVersion: nullable(whole),
    monetary: flag,
  }),
  ListedLot: object({
    lotId: text,
    parentLotId: nullable(text),
    memberId: text,
    purchaseId: nullable(text),
    origin: text,
    earnedOn: day,
    points: whole,
    outstanding: whole,
    ...byOutBucket,
    allocated: amount,
    liability: amount,
    expiresAt: nullable(instant),
    cohort: nullable(month),
    valuation: nullable(ref('Valuation')),
  }),
  LotListing: object({
    ...moment,
    currency: text,
    totals: nullable(
      object({
        lots: whole,
        points: whole,
        outstanding: whole,
        ...byOutBucket,
        allocated: amount,
        liability: amount,
      }),
    ),
    data: list(ref('ListedLot')),
    nextCursor: nullable(text),
  }),
  ...configSchemas('AccountingPolicy', 'AccountingPolicyDto'),
};
