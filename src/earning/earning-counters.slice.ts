import type { DomainEvent, DomainEventOf } from '../kernel/domain-events.js';
import { uuidToId, type AccountId } from '../kernel/ids.js';
import { localDate, type Instant, type LocalDate } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import type { MemberSlice, Table } from '../platform/pipeline/index.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { COUNTERS_SELECT, countersJoin } from './counters-join.query.js';
import {
  countGiven,
  countMerged,
  countTakenBack,
  NO_COUNTERS,
  type Count,
  type CountsByRule,
  type EarningCounters,
} from './domain/counters.js';
import { countersFrom, isCounted } from './domain/limits.js';
import { earningRulesInForce } from './earning-rule.kind.js';

const EARNING_DAYS: Table = {
  name: 'earning_days',
  mode: 'add',
  key: ['account_id', 'member_id', 'rule_id', 'day'],
  // Kept under the account the member was enrolled with, which a household's version guards, too.
  accountScoped: false,
  columns: [
    { name: 'account_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'rule_id', type: 'text' },
    { name: 'day', type: 'date' },
    { name: 'points', type: 'bigint' },
    { name: 'times', type: 'bigint' },
  ],
};

/** What is returned is taken off what was counted; where a rule was not counted there is no row to take it off. */
export const COUNTED_EARNING_DAYS: Table = { ...EARNING_DAYS, mode: 'increment' };

interface CountersState extends EarningCounters {
  /** The account the member was enrolled with, under which the counters are kept. */
  readonly homeAccountId: AccountId;
}

/** How much the rules with limits gave a member, by business day. */
export const earningCountersSlice: MemberSlice<CountersState> = {
  scope: 'member',
  name: 'earningCounters',
  parameters: [{ name: 'counters_from', type: 'date', value: countersParameter }],
  join: countersJoin('c.counters_from'),
  select: COUNTERS_SELECT,
  read: (row) => countersOf(uuidToId('acc', row['earning_account_id'] as string), written(readCounts(row))),
  merge: ({ homeAccountId, known, given, takenBack }, row) =>
    countersOf(homeAccountId, { known: merged(known, readCounts(row)), given, takenBack }),
  apply: applyToCounters,
  afterWrite: ({ homeAccountId, known }) => countersOf(homeAccountId, written(known)),
  startingAt: ({ homeAccountId, known }, { day }) =>
    countersOf(homeAccountId, written(countsBefore(known, day))),
  rows: ({ homeAccountId, given, takenBack }, sink, { accountId, memberId }) => {
    for (const ruleId of new Set([...given.keys(), ...takenBack.keys()])) {
      const [plus, minus] = [given.get(ruleId), takenBack.get(ruleId)];
      for (const day of new Set([...(plus?.keys() ?? []), ...(minus?.keys() ?? [])])) {
        // One statement may touch a row once, so a day's two figures go together.
        const [gave, took] = [plus?.get(day), minus?.get(day)];
        const table = gave ? EARNING_DAYS : COUNTED_EARNING_DAYS;
        sink.add(table, accountId, {
          account_id: homeAccountId,
          member_id: memberId,
          rule_id: ruleId,
          day,
          points: (gave?.points ?? 0) + (took?.points ?? 0),
          times: (gave?.times ?? 0) + (took?.times ?? 0),
        });
      }
    }
  },
};

/** Counts that the rows have. */
function written(known: CountsByRule): EarningCounters {
  return { known, given: NO_COUNTERS.given, takenBack: NO_COUNTERS.takenBack };
}

function countsBefore(known: CountsByRule, day: LocalDate): CountsByRule {
  return new Map(
    [...known].map(([ruleId, days]) => [ruleId, new Map([...days].filter(([date]) => date < day))] as const),
  );
}

function countersOf(homeAccountId: AccountId, { known, given, takenBack }: EarningCounters): CountersState {
  return { homeAccountId, known, given, takenBack };
}

function applyToCounters(counters: CountersState, event: DomainEvent): CountersState {
  switch (event.type) {
    case 'points.awarded': {
      const { source, counted } = event.data;
      if (counted.length === 0) return counters;
      const counts = counted.reduce<EarningCounters>(
        (state, { ruleId, points }) => countGiven(state, ruleId, source.businessDate, points),
        counters,
      );
      return countersOf(counters.homeAccountId, counts);
    }
    case 'activity.cancelled':
    case 'promotion.giftTakenBack':
    case 'campaign.cancelled':
    case 'awards.returned': {
      const { awards } = event.data;
      const businessDate = dayOf(event);
      if (awards.length === 0) return counters;
      const counts = awards.reduce<EarningCounters>(
        (state, award) => countTakenBack(state, award.ruleId, businessDate, award),
        counters,
      );
      return countersOf(counters.homeAccountId, counts);
    }
    case 'member.merged': {
      const { survivor, counted } = event.data;
      if (event.memberId !== survivor.memberId || counted.length === 0) return counters;
      return countersOf(counters.homeAccountId, countMerged(counters, counted));
    }
    default:
      return counters;
  }
}

type TakesBack =
  | DomainEventOf<'activity.cancelled'>
  | DomainEventOf<'campaign.cancelled'>
  | DomainEventOf<'promotion.giftTakenBack'>
  | DomainEventOf<'awards.returned'>;

/** The day for which points that come back were counted. */
function dayOf(event: TakesBack): LocalDate {
  switch (event.type) {
    case 'activity.cancelled':
      return event.data.activity.businessDate;
    case 'campaign.cancelled':
      return event.data.registration.businessDate;
    case 'promotion.giftTakenBack':
      return event.data.gift.businessDate;
    case 'awards.returned':
      return event.data.businessDate;
  }
}

function countersParameter(
  config: ConfigSnapshot,
  occurredAt: Instant,
  _now: Instant,
  measuresAt: Instant,
): LocalDate | null {
  return firstCountedDay(config, occurredAt, measuresAt);
}

/**
 * From which day on counters are needed at an instant: the earliest that a rule in force asks for; null when none
 * does. What other rules gave on the days before their own windows is read with it and not counted.
 * @param measuresAt the earliest instant whose counts the command changes, if it is before.
 */
export function firstCountedDay(
  config: ConfigSnapshot,
  at: Instant,
  measuresAt: Instant = at,
): LocalDate | null {
  const day = localDate(Math.min(at, measuresAt), config.timeZone);
  let first: LocalDate | null = null;
  for (const { rule } of earningRulesInForce(config, at)) {
    const from = isCounted(rule) ? countersFrom(rule, day) : null;
    if (from !== null && (first === null || from < first)) first = from;
  }
  return first;
}

function readCounts(row: Row): CountsByRule {
  const counts = new Map<string, Map<LocalDate, Count>>();
  for (const [ruleId, day, points, times] of (row['earning_counts'] ?? []) as [
    string,
    LocalDate,
    number,
    number,
  ][]) {
    const days = counts.get(ruleId) ?? new Map<LocalDate, Count>();
    counts.set(ruleId, days.set(day, { points, times }));
  }
  return counts;
}

function merged(a: CountsByRule, b: CountsByRule): CountsByRule {
  const all = new Map(a);
  for (const [ruleId, days] of b) all.set(ruleId, new Map([...(a.get(ruleId) ?? []), ...days]));
  return all;
}
