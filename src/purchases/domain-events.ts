import type { MilestoneSteps } from '../earning/index.js';
import type { FiguresOwner } from '../kernel/figures-owner.js';
import type { LotPoints } from '../kernel/lot-facts.js';
import type { MemberId, PurchaseId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import type { PurchaseFacts } from '../kernel/purchase-facts.js';
import type { Instant, LocalDate } from '../kernel/time.js';
import type { VersionRef } from '../kernel/version-ref.js';
import type { UnmatchedId } from './domain/unmatched-receipt.js';
import type { ReturnFacts, ReturnedAward } from './domain/return-facts.js';
import type { UndoneFacts } from './domain/undone-facts.js';

declare module '../kernel/domain-events.js' {
  /** What this module emits inside a decision. */
  interface DomainEventMap {
    /** A receipt was accepted. First link of the chain: earning, tiers, gifts, finance, ledger. */
    'purchase.recorded': { readonly purchase: PurchaseFacts; readonly memberActive: boolean };
    /** A member claimed a receipt that was kept without one; the receipt is recorded by then. */
    'receipt.claimed': {
      readonly unmatchedId: UnmatchedId;
      readonly purchaseId: PurchaseId;
      readonly source: string;
      readonly receiptNo: string;
    };
    /** Goods of a receipt came back. Last link of a return: its points and redemptions have gone their ways before. */
    'purchase.returned': {
      readonly returned: ReturnFacts;
      readonly purchase: PurchaseFacts;
      /** Whether the receipt was counted for its member: one of an inactive member is not. */
      readonly counted: boolean;
      /** Purchase points that no longer count as earned, spent ones included. */
      readonly points: Points;
      /** Status points that count no more; absent where there are none. */
      readonly status?: Points;
      /** Other goods are bought for them in the same command; absent where none are. */
      readonly exchanged?: true;
    };
    /** Goods came back and others were bought for them: what both leave can be looked at. Last link of an exchange. */
    'purchase.exchanged': {
      readonly returned: ReturnFacts;
      readonly purchase: PurchaseFacts;
      /** As in `purchase.returned`. */
      readonly counted: boolean;
    };
    /** Points of a receipt's awards were taken back, so that their rules may give as much again. */
    'awards.returned': {
      readonly purchaseId: PurchaseId;
      /** When the purchase occurred. */
      readonly earnedAt: Instant;
      /** The purchase's, whose periods get the points back. */
      readonly businessDate: LocalDate;
      readonly awards: readonly ReturnedAward[];
    };
    /** Steps of milestones that are reached no more, as goods came back. */
    'milestones.returned': { readonly steps: readonly MilestoneSteps[] };
    /** An undo took points out of the account; the receipt may be that of a member of another one. */
    'points.undone': { readonly undone: UndoneFacts };
    /** What a version of a rule gave for a receipt was taken back, wherever it was; told on the buyer's account. */
    'awards.undone': {
      readonly undone: UndoneFacts;
      readonly rule: VersionRef;
      readonly purchase: PurchaseFacts;
      /** Whether the receipt was counted for its member. */
      readonly counted: boolean;
      /** Purchase points that no longer count as earned, spent ones included. */
      readonly points: Points;
    };
    /** Points of a receipt were given up before they could be used, so they no longer count as earned. */
    'awards.cancelled': {
      /** The buyer, for whom they counted; not always the member of the command. */
      readonly memberId: MemberId;
      /** The member whose figures it lowers, if known and not the member of the command; else null. */
      readonly owner: FiguresOwner | null;
      readonly purchaseId: PurchaseId;
      /** Lots that the receipt opened and what was given up of them, there or in what continues them. */
      readonly lots: readonly LotPoints[];
      /** The points waited in another account than the one loaded, which is the buyer's. */
      readonly elsewhere: boolean;
      /** The purchase's, whose measures they counted for. */
      readonly earnedAt: Instant;
      readonly businessDate: LocalDate;
      /** Purchase points. */
      readonly points: Points;
      /** Status points that count no more; absent where there are none. */
      readonly status?: Points;
      readonly awards: readonly ReturnedAward[];
    };
  }
}
