import type { DomainEvent } from '../kernel/domain-events.js';
import type { SharedSlice } from '../platform/pipeline/index.js';
import { BUDGETS_BY_KEY } from './budget-load.query.js';
import type { Left } from './domain/amounts.js';
import { changed, SLICES } from './domain/draw.js';

/** What is left of a budget, as far as the batch knows. */
export interface BudgetState {
  readonly slices: readonly Left[];
  /** The slice that this shard draws on first. */
  readonly own: number;
  /** `version notice` of what was announced. */
  readonly announced: ReadonlySet<string>;
  /** Whether an award of this batch drew on it. */
  readonly drawn: boolean;
  /** Whether an award was cut after that: then what was drawn before it must be written with it. */
  readonly cutInBatch: boolean;
}

/** What is left of budgets. Their rows are written by `budgetUsesSlice`. */
export const budgetStatesSlice: SharedSlice<BudgetState> = {
  scope: 'shared',
  name: 'budgets',
  sql: BUDGETS_BY_KEY,
  read: (row, place) => ({
    slices: ((row['slices'] ?? []) as [number | null, number | null, string | null][]).map(
      ([points, uses, cost]) => ({ points, uses, cost: cost === null ? null : BigInt(cost) }),
    ),
    own: place % SLICES,
    announced: new Set(
      ((row['notices'] ?? []) as [number, string][]).map(([version, notice]) => noticeKey(version, notice)),
    ),
    drawn: false,
    cutInBatch: false,
  }),
  apply: applied,
  holdsWhole: ({ cutInBatch }) => cutInBatch,
};

/** A budget of which nothing was used: all of it is in the first slice. */
export function fullBudget(limit: Left): BudgetState {
  const { points, uses, cost } = limit;
  const nothing: Left = {
    points: points === null ? null : 0,
    uses: uses === null ? null : 0,
    cost: cost === null ? null : 0n,
  };
  const slices = Array.from({ length: SLICES }, (_, slice) => (slice === 0 ? limit : nothing));
  return { slices, own: 0, announced: new Set(), drawn: false, cutInBatch: false };
}

/** How a notice of a version is remembered. */
export function noticeKey(version: number, notice: string): string {
  return `${version} ${notice}`;
}

function applied(state: BudgetState, event: DomainEvent, key: string): BudgetState {
  switch (event.type) {
    case 'budget.drawn': {
      const { budgetId, changes, cutInBatch } = event.data;
      if (budgetId !== key) return state;
      const slices = changed(state.slices, changes);
      return { ...state, slices, drawn: true, cutInBatch: state.cutInBatch || cutInBatch };
    }
    case 'budget.returned':
      if (event.data.budgetId !== key) return state;
      return { ...state, slices: changed(state.slices, event.data.changes) };
    case 'budget.warning':
    case 'budget.spent': {
      const { budgetId, version } = event.data;
      if (budgetId !== key) return state;
      return { ...state, announced: new Set([...state.announced, noticeKey(version, event.type)]) };
    }
    default:
      return state;
  }
}
