import type { DomainEvent, DomainEventOf } from '../kernel/domain-events.js';
import { uuidToId, type AccountId } from '../kernel/ids.js';
import { SEAL, type AccountSlice, type RowSink, type Table } from '../platform/pipeline/index.js';

type Use = DomainEventOf<'budget.drawn'> | DomainEventOf<'budget.returned'>;
type Notice = DomainEventOf<'budget.warning'> | DomainEventOf<'budget.spent'>;

/** What an account's awards used of budgets and gave back, as long as it is not written. */
interface UsesState {
  readonly accountId: AccountId;
  readonly programmeId: string | null;
  readonly uses: readonly Use[];
  readonly notices: readonly Notice[];
}

/** One row for each award and each time some of it came back. */
export const BUDGET_MOVEMENTS: Table = {
  name: 'budget_movements',
  mode: 'insert',
  sealed: true,
  key: ['account_id', 'movement_id'],
  columns: [
    { name: 'movement_id', type: 'id' },
    { name: 'programme_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'budget_id', type: 'text' },
    { name: 'rule_id', type: 'text' },
    { name: 'rule_version', type: 'int' },
    { name: 'source_type', type: 'text' },
    { name: 'source_id', type: 'id' },
    { name: 'points', type: 'bigint' },
    { name: 'uses', type: 'int' },
    { name: 'cost', type: 'numeric' },
    { name: 'recorded_at', type: 'instant' },
    { name: 'actor', type: 'text' },
    SEAL,
  ],
};

const BUDGET_SLICES: Table = {
  name: 'budget_slices',
  mode: 'increment',
  key: ['programme_id', 'budget_id', 'slice'],
  accountScoped: false,
  columns: [
    { name: 'programme_id', type: 'id' },
    { name: 'budget_id', type: 'text' },
    { name: 'slice', type: 'int' },
    { name: 'points', type: 'bigint' },
    { name: 'uses', type: 'bigint' },
    { name: 'cost', type: 'numeric' },
  ],
};

const BUDGET_USES: Table = {
  name: 'budget_uses',
  mode: 'tally',
  key: ['programme_id', 'budget_id', 'rule_id', 'slice'],
  accountScoped: false,
  columns: [
    { name: 'programme_id', type: 'id' },
    { name: 'budget_id', type: 'text' },
    { name: 'rule_id', type: 'text' },
    { name: 'slice', type: 'int' },
    { name: 'points', type: 'bigint' },
    { name: 'uses', type: 'bigint' },
    { name: 'cost', type: 'numeric' },
  ],
};

/** An announced state is announced once: of two shards one finds the row taken and decides again. */
const BUDGET_NOTICES: Table = {
  name: 'budget_notices',
  mode: 'insert',
  key: ['programme_id', 'budget_id', 'version', 'notice'],
  accountScoped: false,
  columns: [
    { name: 'programme_id', type: 'id' },
    { name: 'budget_id', type: 'text' },
    { name: 'version', type: 'int' },
    { name: 'notice', type: 'text' },
    { name: 'recorded_at', type: 'instant' },
  ],
};

/** Writes what awards of an account use of budgets. It reads nothing: what is left is shared (`budgetStatesSlice`). */
export const budgetUsesSlice: AccountSlice<UsesState> = {
  scope: 'account',
  name: 'budgetUses',
  columns: [],
  read: (row) => nothing(uuidToId('acc', row['account_id'] as string)),
  afterWrite: (state) => (state.programmeId === null ? state : nothing(state.accountId)),
  apply: applied,
  rows: ({ accountId, programmeId: programme_id, uses, notices }, sink) => {
    if (programme_id === null) return;
    for (const use of uses) addUse(use, accountId, programme_id, sink);
    for (const { type: notice, data, recordedAt: recorded_at } of notices)
      sink.add(BUDGET_NOTICES, accountId, {
        ...{ programme_id, budget_id: data.budgetId, version: data.version, notice, recorded_at },
      });
  },
};

function nothing(accountId: AccountId): UsesState {
  return { accountId, programmeId: null, uses: [], notices: [] };
}

function applied(
  state: UsesState,
  event: DomainEvent,
  { programmeId }: { readonly programmeId: string },
): UsesState {
  switch (event.type) {
    case 'budget.drawn':
    case 'budget.returned':
      return { ...state, programmeId, uses: [...state.uses, event] };
    case 'budget.warning':
    case 'budget.spent':
      return { ...state, programmeId, notices: [...state.notices, event] };
    default:
      return state;
  }
}

function addUse(
  { type, data, recordedAt, actor }: Use,
  accountId: AccountId,
  programme_id: string,
  sink: RowSink,
): void {
  // A cut to nothing says only that the batch belongs together.
  if (data.points === 0) return;
  const { budgetId: budget_id, rule, source, memberId, changes } = data;
  const sign = type === 'budget.drawn' ? 1 : -1;
  const amounts = { points: sign * data.points, uses: sign * data.uses, cost: BigInt(sign) * data.cost };
  sink.add(BUDGET_MOVEMENTS, accountId, {
    ...{ movement_id: data.movementId, programme_id, member_id: memberId, budget_id, rule_id: rule.id },
    ...{ rule_version: rule.version, source_type: source.kind, source_id: source.id, ...amounts },
    ...{ recorded_at: recordedAt, actor, seal: BUDGET_MOVEMENTS.columns.length - 1 },
  });
  for (const { slice, points, uses, cost } of changes)
    sink.add(BUDGET_SLICES, accountId, { programme_id, budget_id, slice, points, uses, cost });
  sink.add(BUDGET_USES, accountId, {
    programme_id,
    budget_id,
    rule_id: rule.id,
    slice: data.slice,
    ...amounts,
  });
}
