import {
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
import { VERIFY_RUN_STATES } from './verify/verify-run.store.js';

const hash = { type: 'string', pattern: '^[0-9a-f]{64}$' } as const;
/** What a run of verify counted and found. */
const verified = {
  accounts: whole,
  lots: whole,
  movements: whole,
  receipts: whole,
  members: whole,
  anchors: whole,
  unsignedAnchors: whole,
  differences: list(ref('Difference')),
  differenceCount: whole,
};

/** What anchors and `verify` answer, by name. */
export const integritySchemas = {
  VerifyReport: object({ programmeId: nullable(text), ...verified, clean: flag }),
  VerifyRun: object({
    id: text,
    state: oneOf(VERIFY_RUN_STATES),
    startedAt: instant,
    updatedAt: instant,
    phase: nullable(text),
    ofAccounts: whole,
    programmeId: nullable(text),
    ...verified,
    clean: nullable(flag),
    error: nullable(text),
  }),
  Difference: free,
  Anchor: object({
    day: { type: 'string', format: 'date' },
    cutOff: instant,
    accounts: whole,
    digest: hash,
    previousHash: hash,
    hash,
    statement: text,
    keyId: nullable(text),
    signature: nullable(text),
    recordedAt: instant,
  }),
  Anchors: page(ref('Anchor')),
  AnchorKeys: object({
    state: { type: 'string', enum: ['signing', 'unsigned'] },
    reason: nullable(text),
    keyId: nullable(text),
    publicKey: nullable(text),
    keys: list(object({ keyId: text, publicKey: text, recordedAt: instant })),
  }),
};
