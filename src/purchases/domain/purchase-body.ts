import type { PurchaseLine, Tender } from '../../kernel/domain-events.js';
import type { RedemptionId } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/time.js';

/** A receipt as a till posted it, checked in form and normalised. */
export interface PurchaseBody {
  readonly source: string;
  readonly receiptNo: string;
  readonly occurredAt: Instant;
  readonly currency: string;
  readonly channel: string | null;
  readonly lines: readonly PurchaseLine[];
  readonly tenders: readonly Tender[];
  readonly redemptionIds: readonly RedemptionId[];
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** How far ahead of ours a till's clock may be. */
export const CLOCK_SKEW_MS = 300_000;
