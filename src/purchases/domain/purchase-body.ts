import type { PurchaseFacts } from '../../kernel/domain-events.js';

/** A receipt as a till posted it, checked in form and normalised; the engine adds its id and business date. */
export type PurchaseBody = Omit<PurchaseFacts, 'purchaseId' | 'businessDate'>;

/** How far ahead of ours a till's clock may be. */
export const CLOCK_SKEW_MS = 300_000;
