import type { MemberId, PurchaseId, ReturnId, UndoId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import type { DomainEventMap as Events } from '../kernel/domain-events.js';
import type { Gift, GiftFacts } from './domain/gift.js';

/** What took a promotion back. */
export type TakenBackBy =
  | { readonly type: 'return'; readonly id: ReturnId }
  | { readonly type: 'cancellation'; readonly id: PurchaseId }
  | { readonly type: 'undo'; readonly id: UndoId };

/** What became of a gift's points when its promotion was taken back. */
export interface GiftTakenBack {
  readonly gift: Gift;
  readonly by: TakenBackBy;
  /** Points that left the gift's lots. */
  readonly pointsTaken: Points;
  /** Had expired, or were cancelled, before. */
  readonly gone: Points;
  /** Had been spent, or had filled a debt, and are owed now. */
  readonly debt: Points;
  readonly forgiven: Points;
  /** What its rule may give again. */
  readonly awards: Events['awards.returned']['awards'];
}

declare module '../kernel/domain-events.js' {
  /** What this module emits inside a decision. */
  interface DomainEventMap {
    /** The gift of one rule for one promotion. */
    'promotion.giftCame': GiftFacts & {
      readonly cause: {
        readonly type: 'purchase' | 'merge' | 'roll';
        readonly id: PurchaseId | MemberId | null;
      };
      /** The rung that the promotion ends on. */
      readonly reached: string;
      readonly memberActive: boolean;
      /** The rule gave for this rung, or a higher one, not long before or after. */
      readonly givenLately: boolean;
    };
    /** The promotion behind a gift is gone. */
    'promotion.giftRecalled': { readonly gift: Gift; readonly by: TakenBackBy };
    /** A gift was taken back. Last link. */
    'promotion.giftTakenBack': GiftTakenBack;
    /** Gifts of a member who was merged into this one. */
    'promotion.giftsCarried': { readonly gifts: readonly Gift[] };
  }
}
