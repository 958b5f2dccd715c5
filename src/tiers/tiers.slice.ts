import type { DomainEvent, DomainEventMap } from '../kernel/domain-events.js';
import { uuidToId, type PurchaseId } from '../kernel/ids.js';
import { localDate, type Instant, type LocalDate } from '../kernel/time.js';
import { FIRST_DAY, windowStart } from '../kernel/window.js';
import type { Row } from '../platform/database/row.js';
import { SEAL, type MemberSlice, type Table } from '../platform/pipeline/index.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { addedTo, countedBy, type QualifyingDay } from './domain/counted-day.js';
import type { StandingState, TierCause, TierChange } from './domain/standing.js';
import { STANDING_SELECT, standingJoin } from './standing-join.query.js';
import { tierSetInForce } from './tier-set.kind.js';

export const QUALIFYING_DAYS: Table = {
  name: 'qualifying_days',
  mode: 'add',
  key: ['account_id', 'member_id', 'day'],
  // Kept under the account the member was enrolled with, which a household's version guards, too.
  accountScoped: false,
  columns: [
    { name: 'account_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'day', type: 'date' },
    { name: 'spend_minor', type: 'bigint' },
    { name: 'points', type: 'bigint' },
    { name: 'visits', type: 'bigint' },
  ],
};

export const TIER_CHANGES: Table = {
  name: 'tier_changes',
  mode: 'insert',
  sealed: true,
  key: ['account_id', 'member_id', 'sequence'],
  // Kept under the account the member was enrolled with, which a household's version guards, too.
  accountScoped: false,
  columns: [
    { name: 'account_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'sequence', type: 'int' },
    { name: 'from_tier', type: 'text' },
    { name: 'to_tier', type: 'text' },
    { name: 'since', type: 'instant' },
    { name: 'recorded_at', type: 'instant' },
    { name: 'tier_set_id', type: 'text' },
    { name: 'tier_set_version', type: 'int' },
    { name: 'purchase_id', type: 'id' },
    { name: 'return_id', type: 'id' },
    { name: 'sealed_by', type: 'id' },
    { name: 'cause_type', type: 'text' },
    SEAL,
  ],
};

/** A member's standing in the pipeline. */
export const standingSlice: MemberSlice<StandingState> = {
  scope: 'member',
  name: 'standing',
  parameters: [
    {
      name: 'measures_from',
      type: 'date',
      value: (config, _occurredAt, now, measuresAt, whole) =>
        whole ? FIRST_DAY : measuresFrom(config, measuresAt, now),
    },
  ],
  join: standingJoin('c.measures_from'),
  select: `${STANDING_SELECT}, c.measures_from::text AS tier_days_from`,
  read: readStanding,
  merge: (state, row) => {
    const both = new Map([...state.days, ...readDays(row)]);
    const { homeAccountId, enrolledAt, daysFrom, changes, newDays, newChanges } = state;
    const from = readDaysFrom(row);
    const earliest = from < daysFrom ? from : daysFrom;
    return { homeAccountId, enrolledAt, daysFrom: earliest, days: both, changes, newDays, newChanges };
  },
  apply: applyToStanding,
  afterWrite: ({ homeAccountId, enrolledAt, daysFrom, days, changes }) => ({
    homeAccountId,
    enrolledAt,
    daysFrom,
    days,
    changes,
    newDays: new Map(),
    newChanges: [],
  }),
  rows: (state, sink, { accountId, memberId }) => {
    const account_id = state.homeAccountId;
    for (const [day, { spendMinor, points, visits }] of state.newDays) {
      sink.add(QUALIFYING_DAYS, accountId, {
        account_id,
        member_id: memberId,
        day,
        spend_minor: spendMinor,
        points,
        visits,
      });
    }
    for (const change of state.newChanges) {
      sink.add(TIER_CHANGES, accountId, {
        account_id,
        member_id: memberId,
        sequence: change.sequence,
        from_tier: change.from,
        to_tier: change.to,
        since: change.since,
        recorded_at: change.recordedAt,
        tier_set_id: change.tierSet.id,
        tier_set_version: change.tierSet.version,
        purchase_id: change.purchaseId,
        return_id: change.returnId,
        sealed_by: accountId === account_id ? null : accountId,
        cause_type: change.cause,
      });
    }
  },
};

function applyToStanding(
  state: StandingState,
  event: DomainEvent,
  facts: { timeZone: string },
): StandingState {
  switch (event.type) {
    case 'member.merged': {
      const { survivor, days } = event.data;
      if (event.memberId !== survivor.memberId) return state;
      return days.reduce((sum, { day, ...counted }) => addToDay(sum, day, counted), state);
    }
    case 'tier.changed': {
      const { from, to, since, tierSet, cause } = event.data;
      const sequence = state.changes.length + 1;
      const change: TierChange = {
        sequence,
        from,
        to,
        since,
        recordedAt: event.recordedAt,
        tierSet,
        purchaseId: purchaseOf(cause),
        returnId: cause.type === 'return' ? cause.id : null,
        cause: cause.type,
      };
      const { homeAccountId, enrolledAt, daysFrom, days, newDays } = state;
      const [changes, newChanges] = [
        [...state.changes, change],
        [...state.newChanges, change],
      ];
      return { homeAccountId, enrolledAt, daysFrom, days, changes, newDays, newChanges };
    }
    default: {
      const on = countedBy(event, facts.timeZone);
      return on === null ? state : addToDay(state, on.day, on.counted);
    }
  }
}

/** The receipt behind a change of tier, if one is. */
export function purchaseOf(cause: DomainEventMap['tier.changed']['cause']): PurchaseId | null {
  if (cause.type === 'merge') return null;
  return cause.type === 'purchase' ? cause.id : cause.purchaseId;
}

function addToDay(state: StandingState, day: LocalDate, counted: QualifyingDay): StandingState {
  const add = (days: ReadonlyMap<LocalDate, QualifyingDay>): ReadonlyMap<LocalDate, QualifyingDay> =>
    new Map(days).set(day, addedTo(days.get(day), counted));
  return withDays(state, add(state.days), add(state.newDays));
}

function withDays(
  { homeAccountId, enrolledAt, daysFrom, changes, newChanges }: StandingState,
  days: StandingState['days'],
  newDays: StandingState['newDays'],
): StandingState {
  return { homeAccountId, enrolledAt, daysFrom, days, changes, newDays, newChanges };
}

/** The standing out of a row that `STANDING_SELECT` selected. */
export function readStanding(row: Row): StandingState {
  return {
    homeAccountId: uuidToId('acc', row['tier_account_id'] as string),
    enrolledAt: (row['tier_enrolled_at'] as Date | null)?.getTime() ?? 0,
    daysFrom: readDaysFrom(row),
    days: new Map(readDays(row)),
    changes: ((row['tier_changes'] ?? []) as unknown[][]).map(readChange),
    newDays: new Map(),
    newChanges: [],
  };
}

function readDaysFrom(row: Row): LocalDate {
  return (row['tier_days_from'] as LocalDate | undefined) ?? FIRST_DAY;
}

function readDays(row: Row): (readonly [LocalDate, QualifyingDay])[] {
  const days = (row['tier_days'] ?? []) as [LocalDate, number, number, number][];
  return days.map(([day, spendMinor, points, visits]) => [day, { spendMinor, points, visits }] as const);
}

function readChange(change: unknown[]): TierChange {
  const [sequence, from, to, since, recordedAt, id, version, purchaseId, returnId, cause] = change;
  return {
    sequence: sequence as number,
    from: from as string | null,
    to: to as string,
    since: since as number,
    recordedAt: recordedAt as number,
    tierSet: { id: id as string, version: version as number },
    purchaseId: purchaseId === null ? null : uuidToId('pur', purchaseId as string),
    returnId: returnId === null ? null : uuidToId('ret', returnId as string),
    cause: cause as TierCause | null,
  };
}

/** Where the days must start for the windows, on the ladder in force now, that end with an instant's day or later. */
export function measuresFrom(config: ConfigSnapshot, at: Instant, now: Instant): LocalDate {
  const set = tierSetInForce(config, now);
  const day = localDate(at, config.timeZone);
  return set ? windowStart(set.body.window, day) : day;
}
