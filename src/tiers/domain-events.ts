import type { MemberId, PurchaseId, ReturnId, UndoId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import type { Instant, LocalDate } from '../kernel/time.js';
import type { Place } from './domain/place.js';
import type { VersionRef } from '../kernel/version-ref.js';

declare module '../kernel/domain-events.js' {
  /** What this module emits inside a decision. */
  interface DomainEventMap {
    /** Status points count from now on, or fewer do. */
    'status.counted': {
      /** For whom they count; not always the member of the command. */
      readonly memberId: MemberId;
      readonly purchaseId: PurchaseId;
      /** The business day of the receipt, for which they count. */
      readonly day: LocalDate;
      /** Below 0 where they are taken off. */
      readonly points: Points;
    };
    'tier.changed': {
      readonly from: string | null;
      readonly to: string;
      readonly since: Instant;
      readonly tierSet: VersionRef;
      readonly cause:
        | { readonly type: 'purchase'; readonly id: PurchaseId }
        | { readonly type: 'return'; readonly id: ReturnId; readonly purchaseId: PurchaseId }
        | { readonly type: 'cancellation'; readonly purchaseId: PurchaseId }
        | { readonly type: 'undo'; readonly id: UndoId; readonly purchaseId: PurchaseId }
        | { readonly type: 'merge'; readonly id: MemberId }
        /** Time passed: a period, a validity or a grace ended, or a day left a window. */
        | { readonly type: 'roll' };
    };
    /** A standing on a ladder with time: where it is, when it is evaluated next, whether it was renewed or extended. */
    'tier.placed': {
      readonly place: Place;
      readonly tierSet: VersionRef;
      readonly dueAt: Instant | null;
      readonly renewed: boolean;
    };
  }
}
