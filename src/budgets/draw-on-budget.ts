import { NeedsMoreRows } from '../kernel/needs-more-rows.js';
import type { AwardSource, VersionRef } from '../kernel/domain-events.js';
import { madeAt } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import type { Emission, Work } from '../platform/pipeline/index.js';
import { currentBudget, limitsOf } from './budget.kind.js';
import { budgetStatesSlice, noticeKey, type BudgetState } from './budget-states.slice.js';
import { amountsOf, type Left } from './domain/amounts.js';
import { changed, covered, hasReached, planDraw, totalLeft, type OnExceed } from './domain/draw.js';
import { pointCost } from './point-cost.js';
import { sliceOfAccount } from './slice-of-account.js';

/** A rule's award for an occasion, before its budget is asked. */
export interface Wanted {
  readonly rule: VersionRef;
  readonly budget: { readonly budgetId: string; readonly onExceed: OnExceed };
  readonly points: Points;
}

export type DrawSource = Pick<AwardSource, 'kind' | 'id' | 'occurredAt'>;

/** Draws the awards of one occasion on their budgets, one after the other. */
export class BudgetDraws {
  /** What is to be emitted with the awards. */
  readonly emissions: Emission[] = [];
  private readonly states = new Map<string, BudgetState>();

  constructor(
    private readonly source: DrawSource,
    private readonly work: Work,
  ) {}

  /**
   * Draws an award on its budget, in order of arrival.
   * @returns how many of its points the budget covers.
   * @throws NeedsMoreRows where the budget was not loaded with the command.
   */
  draw({ rule, budget: { budgetId, onExceed }, points }: Wanted): Points {
    const state = this.stateOf(budgetId);
    const cost = costOf(this.source, this.work);
    const given = covered(points, cost, totalLeft(state.slices), onExceed);
    const changes = given === 0 ? [] : planDraw(state.slices, state.own, given, cost);
    const after = { ...state, slices: changed(state.slices, changes), drawn: state.drawn || given > 0 };
    this.states.set(budgetId, after);
    const cutInBatch = given < points && state.drawn;
    if (given > 0 || cutInBatch) {
      const { memberId, ids } = this.work;
      const use = { budgetId, rule, source: sourceOf(this.source), memberId, movementId: ids.next('bgm') };
      const data = { ...use, ...amountsOf(given, cost), slice: state.own, changes, cutInBatch };
      this.emissions.push({ type: 'budget.drawn', data });
    }
    this.announce(budgetId, after, given < points);
    return given;
  }

  private stateOf(budgetId: string): BudgetState {
    const known = this.states.get(budgetId) ?? this.work.shared(budgetStatesSlice, budgetId);
    if (!known) throw new NeedsMoreRows(this.work.accountId, `the budget ${budgetId}`, 'shared');
    return known;
  }

  /** Once for each version, with the award that reaches it or the next one after it. */
  private announce(budgetId: string, state: BudgetState, wasCut: boolean): void {
    const published = currentBudget(this.work.config, budgetId);
    if (!published) return;
    const { version, body } = published;
    const [limit, left] = [limitsOf(body), totalLeft(state.slices)];
    const isSpent = wasCut || hasReached(limit, left, 100);
    const isWarned = body.warnAtPercent !== null && (isSpent || hasReached(limit, left, body.warnAtPercent));
    let { announced } = state;
    for (const [isDue, type] of [
      [isWarned, 'budget.warning'],
      [isSpent, 'budget.spent'],
    ] as const) {
      if (!isDue || announced.has(noticeKey(version, type))) continue;
      announced = new Set([...announced, noticeKey(version, type)]);
      this.emissions.push({ type, data: { budgetId, version, limit, used: usedOf(limit, left) } });
    }
    this.states.set(budgetId, { ...state, announced });
  }
}

/** Gives points of an award back to its budget, to a slice that goes by the account. */
export function budgetReturned(
  {
    rule,
    budgetId,
    points,
    whole,
  }: {
    readonly rule: VersionRef;
    readonly budgetId: string;
    readonly points: Points;
    readonly whole: boolean;
  },
  source: DrawSource,
  work: Work,
): Emission {
  const cost = costOf(source, work);
  const amounts = { ...amountsOf(points, cost), uses: whole ? 1 : 0 };
  const slice = sliceOfAccount(work.accountId);
  const use = {
    budgetId,
    rule,
    source: sourceOf(source),
    memberId: work.memberId,
    movementId: work.ids.next('bgm'),
  };
  return { type: 'budget.returned', data: { ...use, ...amounts, slice, changes: [{ slice, ...amounts }] } };
}

function sourceOf({ kind, id }: DrawSource) {
  return { kind, id };
}

/** The cost of a point of an occasion: the same for its award and for what comes back of it. */
function costOf({ occurredAt, id }: DrawSource, { config }: Work): bigint {
  return pointCost(config, occurredAt, madeAt(id));
}

/** Null in units without a limit. */
function usedOf(limit: Left, left: Left): Left {
  return {
    points: limit.points === null || left.points === null ? null : limit.points - left.points,
    uses: limit.uses === null || left.uses === null ? null : limit.uses - left.uses,
    cost: limit.cost === null || left.cost === null ? null : limit.cost - left.cost,
  };
}
