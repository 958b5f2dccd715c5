import type { MemberId, PurchaseId, ReturnId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import type { VersionRef } from '../kernel/version-ref.js';

declare module '../kernel/domain-events.js' {
  /** What this module emits inside a decision. */
  interface DomainEventMap {
    'tier.changed': {
      readonly from: string | null;
      readonly to: string;
      readonly since: Instant;
      readonly tierSet: VersionRef;
      readonly cause:
        | { readonly type: 'purchase'; readonly id: PurchaseId }
        | { readonly type: 'return'; readonly id: ReturnId; readonly purchaseId: PurchaseId }
        | { readonly type: 'cancellation'; readonly purchaseId: PurchaseId }
        | { readonly type: 'merge'; readonly id: MemberId };
    };
  }
}
