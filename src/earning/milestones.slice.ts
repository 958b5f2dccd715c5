import type { DomainEventOf, MilestoneMark, VersionRef } from '../kernel/domain-events.js';
import { groupBy } from '../kernel/group-by.js';
import { idToUuid, uuidToId, type PurchaseId } from '../kernel/ids.js';
import type { Instant, LocalDate } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import { SEAL, type MemberSlice, type Table } from '../platform/pipeline/index.js';
import type { MilestoneSteps } from './domain/milestone.js';
import { firstMilestoneDay } from './milestone-runs.js';
import { MILESTONES_SELECT } from './milestones.query.js';

/** The steps that milestones gave, and those that returns took back. */
export const MILESTONE_STEPS: Table = {
  name: 'milestone_steps',
  mode: 'insert',
  sealed: true,
  key: ['milestone_id', 'account_id'],
  columns: [
    { name: 'milestone_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'rule_id', type: 'text' },
    { name: 'rule_version', type: 'int' },
    { name: 'run', type: 'int' },
    { name: 'first_day', type: 'date' },
    { name: 'award_id', type: 'id' },
    { name: 'purchase_id', type: 'id' },
    { name: 'return_id', type: 'id' },
    { name: 'steps', type: 'bigint' },
    { name: 'points', type: 'bigint' },
    { name: 'gone', type: 'bigint' },
    { name: 'lot_ids', type: 'json' },
    { name: 'occurred_at', type: 'instant' },
    { name: 'recorded_at', type: 'instant' },
    SEAL,
  ],
};

interface NewSteps {
  readonly steps: MilestoneSteps;
  readonly recordedAt: Instant;
}

interface MilestonesState {
  /** Those of the periods that were loaded. */
  readonly known: readonly MilestoneSteps[];
  /** Not written yet. */
  readonly fresh: readonly NewSteps[];
}

const NOTHING: MilestonesState = { known: [], fresh: [] };

/** What milestones gave a member; loaded only where one ran at the time of what is looked at. */
export const milestonesSlice: MemberSlice<MilestonesState> = {
  scope: 'member',
  name: 'milestones',
  parameters: [
    {
      name: 'milestones_from',
      type: 'date',
      value: (config, occurredAt, _now, measuresAt) => firstMilestoneDay(config, measuresAt, occurredAt),
    },
  ],
  select: MILESTONES_SELECT,
  read: readSteps,
  // What reaches further back has all of the other.
  merge: (state, row) => {
    const read = readSteps(row);
    return read.known.length > state.known.length ? read : state;
  },
  apply: (state, event) => {
    switch (event.type) {
      case 'lots.granted':
        return event.data.lots.some(({ milestone }) => milestone) ? withAwards(state, event) : state;
      case 'milestones.returned':
        return withSteps(state, event.data.steps, event.recordedAt);
      case 'milestones.carried':
        return { known: [...state.known, ...event.data.steps], fresh: state.fresh };
      default:
        return state;
    }
  },
  startingAt: ({ known }, { at }) => ({
    known: known.filter(({ occurredAt }) => occurredAt < at),
    fresh: NOTHING.fresh,
  }),
  afterWrite: ({ known }) => (known.length === 0 ? NOTHING : { known, fresh: NOTHING.fresh }),
  rows: ({ fresh }, sink, { accountId, memberId }) => {
    for (const { steps, recordedAt } of fresh) {
      sink.add(MILESTONE_STEPS, accountId, {
        milestone_id: steps.milestoneId,
        member_id: memberId,
        rule_id: steps.rule.id,
        rule_version: steps.rule.version,
        run: steps.run,
        first_day: steps.firstDay,
        award_id: steps.awardId,
        purchase_id: steps.purchaseId,
        return_id: steps.returnId,
        steps: steps.steps,
        points: steps.points,
        gone: steps.gone,
        lot_ids: steps.lotIds.map(idToUuid),
        occurred_at: steps.occurredAt,
        recorded_at: recordedAt,
      });
    }
  },
};

function withSteps(
  { known, fresh }: MilestonesState,
  added: readonly MilestoneSteps[],
  recordedAt: Instant,
): MilestonesState {
  const news = added.map((steps) => ({ steps, recordedAt }));
  return { known: [...known, ...added], fresh: [...fresh, ...news] };
}

/** An award may have several lots: points that fill a debt are one of their own. */
function withAwards(
  state: MilestonesState,
  { data, occurredAt, recordedAt }: DomainEventOf<'lots.granted'>,
): MilestonesState {
  const marked = data.lots.filter(({ milestone }) => milestone !== undefined);
  const awards = groupBy(marked, ({ milestone }) => (milestone as MilestoneMark).milestoneId);
  const given = [...awards].map(([milestoneId, lots]): MilestoneSteps => {
    const [first] = lots as [(typeof lots)[number]];
    const { run, firstDay, steps } = first.milestone as MilestoneMark;
    return {
      ...{ milestoneId, run, firstDay, steps, occurredAt },
      rule: first.rule as VersionRef,
      awardId: null,
      purchaseId: data.purchaseId as PurchaseId,
      returnId: null,
      points: lots.reduce((sum, { points }) => sum + points, 0),
      gone: 0,
      lotIds: lots.map(({ lotId }) => lotId),
    };
  });
  return withSteps(state, given, recordedAt);
}

type StoredSteps = readonly [
  milestoneId: string,
  ruleId: string,
  version: number,
  run: number,
  firstDay: LocalDate,
  awardId: string | null,
  purchaseId: string,
  returnId: string | null,
  steps: number,
  points: number,
  gone: number,
  lotIds: readonly string[],
  occurredAt: Instant,
];

function readSteps(row: Row): MilestonesState {
  const stored = row['milestones'] as readonly StoredSteps[] | null;
  return stored === null ? NOTHING : { known: stored.map(stepsOf), fresh: NOTHING.fresh };
}

function stepsOf(stored: StoredSteps): MilestoneSteps {
  const [id, ruleId, version, run, firstDay, awardId, purchaseId, returnId] = stored;
  const [steps, points, gone, lotIds, occurredAt] = stored.slice(8) as [
    number,
    number,
    number,
    readonly string[],
    Instant,
  ];
  return {
    ...{ run, firstDay, steps, points, gone, occurredAt },
    milestoneId: uuidToId('mst', id),
    rule: { id: ruleId, version },
    awardId: awardId === null ? null : uuidToId('mst', awardId),
    purchaseId: uuidToId('pur', purchaseId),
    returnId: returnId === null ? null : uuidToId('ret', returnId),
    lotIds: lotIds.map((lotId) => uuidToId('lot', lotId)),
  };
}
