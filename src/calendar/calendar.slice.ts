import { storedExplanation } from '../earning/index.js';
import type { DomainEvent, DomainEventOf } from '../kernel/domain-events.js';
import type { Instant, LocalDate } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import { SEAL, type MemberSlice, type Table } from '../platform/pipeline/index.js';
import type { CalendarState, Celebrated } from './calendar-state.js';
import { calendarRules } from './calendar-rules.js';
import { CELEBRATED, FIND_GIFT_DAYS } from './gift-days.query.js';
import { giftsAt, nextMidnight } from './gift-days.js';

/** The gifts that were given, and those that came to nothing. */
export const CALENDAR_GIFTS: Table = {
  name: 'calendar_gifts',
  mode: 'insert',
  sealed: true,
  key: ['gift_id', 'account_id'],
  columns: [
    { name: 'gift_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'rule_id', type: 'text' },
    { name: 'rule_version', type: 'int' },
    { name: 'occasion', type: 'text' },
    { name: 'day', type: 'date' },
    { name: 'years', type: 'int' },
    { name: 'occurred_at', type: 'instant' },
    { name: 'recorded_at', type: 'instant' },
    { name: 'points', type: 'bigint' },
    { name: 'explanation', type: 'json' },
    SEAL,
  ],
};

const CALENDAR_DAYS: Table = {
  name: 'calendar_days',
  mode: 'upsert',
  key: ['member_id'],
  accountScoped: false,
  columns: [
    { name: 'member_id', type: 'id' },
    { name: 'due_at', type: 'instant' },
    { name: 'looked_until', type: 'instant' },
  ],
};

/** Anniversaries of a member and the gifts for them; loaded only where a rule about dates was ever published. */
export const calendarSlice: MemberSlice<CalendarState> = {
  scope: 'member',
  name: 'calendar',
  parameters: [
    { name: 'calendar', type: 'boolean', value: (config) => (calendarRules(config) ? true : null) },
  ],
  select: CELEBRATED,
  read: readCalendar,
  merge: (state, row) => (state.person ? state : readCalendar(row)),
  due: [
    {
      phase: 'calendar',
      find: [FIND_GIFT_DAYS],
      nextDue: (state, config) => {
        const computed = nextMidnight(state, config);
        if (state.dueAt === null || computed === null) return state.dueAt ?? computed;
        return Math.min(state.dueAt, computed);
      },
      eventsDue: (state, at, config) => {
        const lookedUntil = Math.max(at + 1, state.lookedUntil ?? 0);
        const dueAt = nextMidnight(state, config, lookedUntil);
        const data = { gifts: giftsAt(state, at, config), lookedUntil, dueAt };
        return [{ type: 'calendar.dayCame', data, occurredAt: Math.max(at, state.person?.createdAt ?? 0) }];
      },
    },
  ],
  apply: applyToCalendar,
  // A replay gives no gifts of the calendar: they are no receipts.
  startingAt: () => ({
    person: null,
    dueAt: null,
    lookedUntil: null,
    last: NO_GIFTS,
    planned: false,
    newGifts: [],
  }),
  afterWrite: ({ person, dueAt, lookedUntil, last }) => ({
    person,
    dueAt,
    lookedUntil,
    last,
    planned: false,
    newGifts: [],
  }),
  rows: ({ planned, dueAt, lookedUntil, newGifts }, sink, { accountId, memberId }) => {
    if (planned)
      sink.add(CALENDAR_DAYS, accountId, { member_id: memberId, due_at: dueAt, looked_until: lookedUntil });
    for (const { data, occurredAt, recordedAt, points, explanation } of newGifts)
      sink.add(CALENDAR_GIFTS, accountId, {
        gift_id: data.giftId,
        member_id: memberId,
        rule_id: data.rule.id,
        rule_version: data.rule.version,
        occasion: data.on,
        day: data.day,
        years: data.years,
        occurred_at: occurredAt,
        recorded_at: recordedAt,
        points,
        explanation: storedExplanation(explanation),
      });
  },
};

const NO_GIFTS: ReadonlyMap<string, LocalDate> = new Map();

function readCalendar(row: Row): CalendarState {
  const { last, dueAt, lookedUntil, ...person } = (row['calendar'] ?? {}) as Partial<Celebrated> & {
    readonly last?: Readonly<Record<string, LocalDate>> | null;
    readonly dueAt?: Instant | null;
    readonly lookedUntil?: Instant | null;
  };
  return {
    person: row['calendar'] ? (person as Celebrated) : null,
    dueAt: dueAt ?? null,
    lookedUntil: lookedUntil ?? null,
    last: last ? new Map(Object.entries(last)) : NO_GIFTS,
    planned: false,
    newGifts: [],
  };
}

function applyToCalendar(state: CalendarState, event: DomainEvent): CalendarState {
  switch (event.type) {
    case 'calendar.dayCame': {
      const { lookedUntil, dueAt } = event.data;
      return { ...state, lookedUntil, dueAt, planned: true };
    }
    case 'calendar.planned':
      return { ...state, dueAt: event.data.dueAt, planned: true };
    case 'calendar.giftCame': {
      const gift = { ...event, points: 0, explanation: [] };
      return { ...state, newGifts: [...state.newGifts, gift] };
    }
    case 'points.awarded':
      return event.data.source.kind === 'calendar' ? withAwarded(state, event) : state;
    case 'calendar.giftsCarried': {
      const last = new Map(state.last);
      for (const [ruleId, day] of event.data.last) if (day > (last.get(ruleId) ?? '')) last.set(ruleId, day);
      return { ...state, last };
    }
    case 'member.closed':
      return state.person ? { ...state, person: { ...state.person, over: true } } : state;
    default:
      return state;
  }
}

function withAwarded(state: CalendarState, { data }: DomainEventOf<'points.awarded'>): CalendarState {
  const { source, awards, explanation } = data;
  const points = awards.reduce((sum, award) => sum + award.points, 0);
  const gift = state.newGifts.find((each) => each.data.giftId === source.id);
  if (!gift) return state;
  const newGifts = state.newGifts.map((each) => (each === gift ? { ...each, points, explanation } : each));
  if (points === 0) return { ...state, newGifts };
  return { ...state, newGifts, last: new Map(state.last).set(gift.data.rule.id, gift.data.day) };
}
