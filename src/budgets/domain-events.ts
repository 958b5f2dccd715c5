import type { CauseType, VersionRef } from '../kernel/domain-events.js';
import type { Id, MemberId } from '../kernel/ids.js';
import type { Amounts, Left, SliceChange } from './domain/amounts.js';

/** What an award used of a budget, or gave back to it. */
export interface BudgetUse extends Amounts {
  readonly budgetId: string;
  readonly rule: VersionRef;
  /** What the points were awarded for. */
  readonly source: { readonly kind: CauseType; readonly id: string };
  readonly memberId: MemberId;
  readonly movementId: Id<'bgm'>;
  /** The slice under which it is counted for its rule. */
  readonly slice: number;
  readonly changes: readonly SliceChange[];
}

/** The state of a budget that is announced. */
export interface BudgetNotice {
  readonly budgetId: string;
  readonly version: number;
  /** What is used of it, after the award. */
  readonly used: Left;
  readonly limit: Left;
}

declare module '../kernel/domain-events.js' {
  /** What this module emits inside a decision. */
  interface DomainEventMap {
    /** An award used a part of a budget; its amounts are positive, its changes are added to what is left. */
    'budget.drawn': BudgetUse & {
      /** The budget did not cover all of it, after other awards of the same batch. */
      readonly cutInBatch: boolean;
    };
    /** Points that were awarded under a budget came back; its amounts are positive. */
    'budget.returned': BudgetUse;
    /** A share of a budget is used, for the first time in this version. */
    'budget.warning': BudgetNotice;
    /** A budget has nothing left, for the first time in this version. */
    'budget.spent': BudgetNotice;
  }
}
