import type { DomainEvent, DomainEventMap } from '../kernel/domain-events.js';
import { uuidToId, type PurchaseId } from '../kernel/ids.js';
import { localDate, type Instant, type LocalDate } from '../kernel/time.js';
import { FIRST_DAY, loadedFrom, windowStart } from '../kernel/window.js';
import type { Row } from '../platform/database/row.js';
import { SEAL, type MemberSlice, type Table } from '../platform/pipeline/index.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { addedTo, countedBy, type QualifyingDay } from './domain/counted-day.js';
import { windowsOf } from './domain/ladder.js';
import { ladderOf } from './domain/ladder-of.js';
import type { StandingState, TierCause, TierChange } from './domain/standing.js';
import { ladderVersions } from './ladder-versions.js';
import { FIND_DUE_PLACES } from './due-places.query.js';
import { nextRoll, rolled } from './roll-standing.js';
import { standingJoin, standingSelect } from './standing-join.query.js';
import { isTimed } from './domain/tier-set.js';
import { TIER_SET_KEY } from '../programmes/index.js';
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
    { name: 'status', type: 'bigint' },
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

const TIER_PLACES: Table = {
  name: 'tier_places',
  mode: 'upsert',
  key: ['account_id', 'member_id', 'ladder'],
  // Kept under the account the member was enrolled with, which a household's version guards, too.
  accountScoped: false,
  columns: [
    { name: 'account_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'ladder', type: 'text' },
    { name: 'ladder_version', type: 'int' },
    { name: 'rung', type: 'text' },
    { name: 'since', type: 'date' },
    { name: 'valid_from', type: 'date' },
    { name: 'valid_until', type: 'date' },
    { name: 'grace_until', type: 'date' },
    { name: 'rolled_to', type: 'date' },
    { name: 'due_at', type: 'instant' },
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
    {
      name: 'tier_timed',
      type: 'boolean',
      value: (config) => (ladderVersions(config).length > 0 ? true : null),
    },
  ],
  join: standingJoin('c.measures_from'),
  select: `${standingSelect('c.tier_timed')}, c.measures_from::text AS tier_days_from`,
  read: readStanding,
  merge: (state, row) => {
    const both = new Map([...state.days, ...readDays(row)]);
    const from = readDaysFrom(row);
    return { ...state, daysFrom: from < state.daysFrom ? from : state.daysFrom, days: both };
  },
  apply: applyToStanding,
  afterWrite: ({ homeAccountId, enrolledAt, daysFrom, days, changes, place, placeVersion, dueAt }) => ({
    homeAccountId,
    enrolledAt,
    daysFrom,
    days,
    changes,
    place,
    placeVersion,
    dueAt,
    placed: false,
    newDays: new Map(),
    newChanges: [],
  }),
  due: [
    {
      phase: 'roll',
      find: [FIND_DUE_PLACES],
      nextDue: nextRoll,
      eventsDue: rolled,
    },
  ],
  // Without a place: where time has a part in the ladder, the place is worked out anew from the days.
  startingAt: ({ homeAccountId, enrolledAt, daysFrom, days, changes }, { day, at }) => ({
    homeAccountId,
    enrolledAt,
    daysFrom,
    days: new Map([...days].filter(([date]) => date < day)),
    changes: changes.filter(({ since }) => since < at),
    place: null,
    placeVersion: null,
    dueAt: null,
    placed: false,
    newDays: new Map(),
    newChanges: [],
  }),
  rows: (state, sink, { accountId, memberId }) => {
    const account_id = state.homeAccountId;
    for (const [day, { spendMinor, points, visits, status }] of state.newDays) {
      sink.add(QUALIFYING_DAYS, accountId, {
        account_id,
        member_id: memberId,
        day,
        spend_minor: spendMinor,
        points,
        visits,
        status,
      });
    }
    if (state.placed) sink.add(TIER_PLACES, accountId, placeRow(state, memberId));
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
      return withChange(state, change);
    }
    case 'tier.placed':
      return withPlace(state, event.data);
    default: {
      const on = countedBy(event, facts.timeZone);
      return on === null ? state : addToDay(state, on.day, on.counted);
    }
  }
}

/** The receipt behind a change of tier, if one is. */
export function purchaseOf(cause: DomainEventMap['tier.changed']['cause']): PurchaseId | null {
  if (cause.type === 'merge' || cause.type === 'roll') return null;
  return cause.type === 'purchase' ? cause.id : cause.purchaseId;
}

function addToDay(state: StandingState, day: LocalDate, counted: QualifyingDay): StandingState {
  const add = (days: ReadonlyMap<LocalDate, QualifyingDay>): ReadonlyMap<LocalDate, QualifyingDay> =>
    new Map(days).set(day, addedTo(days.get(day), counted));
  return withDays(state, add(state.days), add(state.newDays));
}

function withDays(
  state: StandingState,
  days: StandingState['days'],
  newDays: StandingState['newDays'],
): StandingState {
  const { homeAccountId, enrolledAt, daysFrom, changes, newChanges } = state;
  const { place, placeVersion, dueAt, placed } = state;
  return {
    homeAccountId,
    enrolledAt,
    daysFrom,
    days,
    changes,
    place,
    placeVersion,
    dueAt,
    placed,
    newDays,
    newChanges,
  };
}

function withChange(state: StandingState, change: TierChange): StandingState {
  const { homeAccountId, enrolledAt, daysFrom, days, newDays } = state;
  const { place, placeVersion, dueAt, placed } = state;
  return {
    homeAccountId,
    enrolledAt,
    daysFrom,
    days,
    changes: [...state.changes, change],
    place,
    placeVersion,
    dueAt,
    placed,
    newDays,
    newChanges: [...state.newChanges, change],
  };
}

function withPlace(
  { homeAccountId, enrolledAt, daysFrom, days, changes, newDays, newChanges }: StandingState,
  { place, tierSet, dueAt }: DomainEventMap['tier.placed'],
): StandingState {
  return {
    homeAccountId,
    enrolledAt,
    daysFrom,
    days,
    changes,
    place,
    placeVersion: tierSet.version,
    dueAt,
    placed: true,
    newDays,
    newChanges,
  };
}

function placeRow({ homeAccountId, place, placeVersion, dueAt }: StandingState, memberId: string) {
  if (!place) throw new Error(`${memberId} has no place to write`);
  return {
    account_id: homeAccountId,
    member_id: memberId,
    ladder: TIER_SET_KEY,
    ladder_version: placeVersion,
    rung: place.rung,
    since: place.since,
    valid_from: place.validFrom,
    valid_until: place.until,
    grace_until: place.graceUntil,
    rolled_to: place.rolledTo,
    due_at: dueAt,
  };
}

/** The standing out of a row that `STANDING_SELECT` selected. */
export function readStanding(row: Row): StandingState {
  return {
    homeAccountId: uuidToId('acc', row['tier_account_id'] as string),
    enrolledAt: (row['tier_enrolled_at'] as Date | null)?.getTime() ?? 0,
    daysFrom: readDaysFrom(row),
    days: new Map(readDays(row)),
    changes: ((row['tier_changes'] ?? []) as unknown[][]).map(readChange),
    ...readPlace(row['tier_place'] as PlaceRow | null),
    placed: false,
    newDays: new Map(),
    newChanges: [],
  };
}

/** As `standingSelect` brings it; without a rung where a new ladder has not met the member yet. */
type PlaceRow = readonly [
  version: number | null,
  rung: string | null,
  since: LocalDate,
  validFrom: LocalDate,
  until: LocalDate | null,
  graceUntil: LocalDate | null,
  rolledTo: LocalDate,
  dueAt: Instant | null,
];

function readPlace(row: PlaceRow | null): Pick<StandingState, 'place' | 'placeVersion' | 'dueAt'> {
  if (row === null) return { place: null, placeVersion: null, dueAt: null };
  const [placeVersion, rung, since, validFrom, until, graceUntil, rolledTo, dueAt] = row;
  const place = rung === null ? null : { rung, since, validFrom, until, graceUntil, rolledTo };
  return { place, placeVersion, dueAt };
}

function readDaysFrom(row: Row): LocalDate {
  return (row['tier_days_from'] as LocalDate | undefined) ?? FIRST_DAY;
}

function readDays(row: Row): (readonly [LocalDate, QualifyingDay])[] {
  const days = (row['tier_days'] ?? []) as [LocalDate, number, number, number, number][];
  return days.map(
    ([day, spendMinor, points, visits, status]) => [day, { spendMinor, points, visits, status }] as const,
  );
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

/**
 * Where the days must start for the windows, on the ladder in force now, that end with an instant's day or later; all
 * days where one of them has no beginning of its own.
 */
export function measuresFrom(config: ConfigSnapshot, at: Instant, now: Instant): LocalDate {
  const set = tierSetInForce(config, now);
  const day = localDate(at, config.timeZone);
  if (!set) return day;
  if (!isTimed(set.body)) return windowStart(set.body.window, day);
  const starts = windowsOf(ladderOf(set.body)).map((window) =>
    window.type === 'validity' || window.type === 'lifetime' ? FIRST_DAY : loadedFrom(window, day),
  );
  return starts.reduce((first, start) => (start < first ? start : first), day);
}
