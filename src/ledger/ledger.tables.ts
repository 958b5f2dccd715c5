import { SEAL, type Table } from '../platform/pipeline/index.js';
import { LOT_BUCKETS } from './domain/lot.js';

/** Rows the ledger writes through the pipeline; `account_id` is added by it. */
export const MOVEMENTS: Table = {
  name: 'movements',
  mode: 'insert',
  key: ['account_id', 'sequence'],
  columns: [
    { name: 'sequence', type: 'bigint' },
    { name: 'lot_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'from_bucket', type: 'text' },
    { name: 'to_bucket', type: 'text' },
    { name: 'points', type: 'bigint' },
    { name: 'liability', type: 'bigint' },
    { name: 'event_code', type: 'text' },
    { name: 'cause_type', type: 'text' },
    { name: 'cause_id', type: 'id' },
    { name: 'occurred_at', type: 'instant' },
    { name: 'recorded_at', type: 'instant' },
    { name: 'posting_date', type: 'date' },
    { name: 'sets_expiry_at', type: 'instant' },
    { name: 'effective_at', type: 'instant' },
    { name: 'hash', type: 'bytea' },
    { name: 'hash_version', type: 'int' },
    { name: 'terms', type: 'bytea' },
  ],
};

/** What every movement of a lot changes. */
const COUNTERS = [
  ...LOT_BUCKETS.map((name) => ({ name, type: 'bigint' }) as const),
  { name: 'moved_at', type: 'instant' },
  { name: 'moved_on', type: 'date' },
] as const;

const TERMS = [
  { name: 'available_at', type: 'instant' },
  { name: 'planned_at', type: 'instant' },
  { name: 'expires_at', type: 'instant' },
  { name: 'first_expires_at', type: 'instant' },
  { name: 'awaits', type: 'json' },
  { name: 'posted_on', type: 'date' },
] as const;

/** A new lot. */
export const LOTS: Table = {
  name: 'lots',
  mode: 'insert',
  key: ['account_id', 'lot_id'],
  columns: [
    { name: 'lot_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'origin', type: 'text' },
    { name: 'purchase_id', type: 'id' },
    { name: 'rule_id', type: 'text' },
    { name: 'rule_version', type: 'int' },
    { name: 'lines', type: 'json' },
    { name: 'points', type: 'bigint' },
    { name: 'allocated', type: 'bigint' },
    { name: 'valuation', type: 'json' },
    { name: 'earned_at', type: 'instant' },
    { name: 'slides', type: 'boolean' },
    { name: 'parent_lot_id', type: 'id' },
    { name: 'root_lot_id', type: 'id' },
    { name: 'first_awaits', type: 'json' },
    ...TERMS,
    ...COUNTERS,
  ],
};

/** The counters of a lot that was there before. */
export const LOT_COUNTERS: Table = {
  name: 'lots',
  mode: 'update',
  key: ['account_id', 'lot_id'],
  columns: [{ name: 'lot_id', type: 'id' }, ...COUNTERS],
};

/** The same with the lot's new terms. */
export const LOT_TERMS: Table = {
  name: 'lots',
  mode: 'update',
  key: ['account_id', 'lot_id'],
  columns: [{ name: 'lot_id', type: 'id' }, ...TERMS, ...COUNTERS],
};

/** Every step of an account's sliding expiry; at most one for each date it moved to. */
export const SLIDING_EXPIRIES: Table = {
  name: 'sliding_expiries',
  mode: 'insert',
  sealed: true,
  key: ['account_id', 'expires_at'],
  columns: [
    { name: 'expires_at', type: 'instant' },
    { name: 'cause_type', type: 'text' },
    { name: 'cause_id', type: 'id' },
    { name: 'occurred_at', type: 'instant' },
    { name: 'recorded_at', type: 'instant' },
    SEAL,
  ],
};
