import type { Id } from '../../kernel/ids.js';
import { addToDate, endOfDay, localDate, type Instant } from '../../kernel/time.js';
import type { PurchaseBody } from './purchase-body.js';

export type UnmatchedId = Id<'unm'>;

/** What became of a receipt without a member; `over`: its time went by without a claim. */
export const UNMATCHED_STATES = ['open', 'claimed', 'returned', 'over'] as const;
export type UnmatchedState = (typeof UNMATCHED_STATES)[number];

/** Wrong amounts after which a receipt is claimed by its code alone, and those that a member may name in a day. */
export const MAX_WRONG_AMOUNTS = 10;
export const MAX_WRONG_CLAIMS_A_DAY = 20;
/** How long a receipt is kept after its claims end: for so long a late claim hears why it is refused. */
export const KEPT_AFTER_CLAIMS_DAYS = 30;

/** A receipt that was kept without a member. */
export interface UnmatchedReceipt {
  readonly receiptId: UnmatchedId;
  readonly body: PurchaseBody;
  readonly amountMinor: number;
  readonly recordedAt: Instant;
  /** Exclusive. */
  readonly claimableUntil: Instant;
  readonly claimCode: string;
  readonly state: UnmatchedState;
}

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const CLAIM_CODE_BYTES = 16;

/** Sixteen letters and digits without I, L, O and U, of which each byte chooses one: 80 bits. */
export function claimCodeOf(random: Uint8Array): string {
  return Array.from(random.subarray(0, CLAIM_CODE_BYTES), (byte) => LETTERS[byte & 31]).join('');
}

/** A code as it was made, however it was typed: blanks and hyphens mean nothing, nor does the case. */
export function typedClaimCode(text: string): string {
  return text.replace(/[\s-]/gu, '').toUpperCase();
}

/** The end, exclusive, of the last business day on which a receipt can be claimed. */
export function claimableUntil(occurredAt: Instant, claimDays: number, timeZone: string): Instant {
  return endOfDay(addToDate(localDate(occurredAt, timeZone), { days: claimDays }), timeZone);
}

export function amountOf({ lines }: Pick<PurchaseBody, 'lines'>): number {
  return lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}
