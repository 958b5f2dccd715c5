import type { MemberId, PurchaseId } from '../../kernel/ids.js';
import type { SubLedgerAmount } from '../../kernel/money.js';
import type { Points } from '../../kernel/points.js';
import type { Instant, LocalDate } from '../../kernel/time.js';

/** What points came to. */
export interface Figures {
  /** Granted, less what returns took back. */
  readonly points: Points;
  readonly granted: Points;
  readonly takenBack: Points;
  /** Deferred by the accounting policy, less what returns released. */
  readonly liability: SubLedgerAmount;
  /** What the points are expected to cost, in 10^-12 of a minor unit: value x probability without tax. */
  readonly cost: bigint;
}

export const NO_FIGURES: Figures = { points: 0, granted: 0, takenBack: 0, liability: 0n, cost: 0n };

export function sumOf(one: Figures, other: Figures): Figures {
  return {
    points: one.points + other.points,
    granted: one.granted + other.granted,
    takenBack: one.takenBack + other.takenBack,
    liability: one.liability + other.liability,
    cost: one.cost + other.cost,
  };
}

/** A receipt with its returns under one configuration. */
export interface SimulatedReceipt<E> {
  readonly purchaseId: PurchaseId;
  readonly occurredAt: Instant;
  readonly businessDate: LocalDate;
  readonly byRule: ReadonlyMap<string, Figures>;
  readonly points: Points;
  /** Why the rules gave what they gave. */
  readonly explanation: E;
}

/** What a member's receipts came to under one configuration. */
export interface SimulatedSide<E> {
  /** In the order in which they occurred, whether or not they were refused. */
  readonly receipts: readonly SimulatedReceipt<E>[];
  readonly returns: number;
  /** Codes of the refusals of receipts and returns. */
  readonly refusals: readonly string[];
  /** The rung at the end of the window; null without a ladder. */
  readonly tier: string | null;
}

/** A member's receipts under what was published and under the drafts, beside what they really earned. */
export interface SimulatedMember<E> {
  readonly memberId: MemberId;
  readonly published: SimulatedSide<E>;
  readonly drafts: SimulatedSide<E>;
  readonly really: ReadonlyMap<PurchaseId, Points>;
}
