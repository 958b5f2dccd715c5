import { numberedId } from '../../../test/builders/ids.js';
import type { DomainEvent } from '../../kernel/domain-events.js';
import { addedTo, countedBy, type QualifyingDay } from './counted-day.js';
import {
  afterEvent,
  lastVisit,
  pastSince,
  totalsOf,
  type HistoryReceipt,
  type MemberHistory,
  type Moment,
} from './member-history.js';

const ZONE = 'Asia/Taipei';
const [FIRST, SECOND, THIRD] = [1, 2, 3].map((nth) => numberedId('pur', nth)) as [never, never, never];
const day = (spendMinor: number, visits: number, points = 0): QualifyingDay => ({
  spendMinor,
  points,
  visits,
  status: 0,
});
const at = (time: string): number => Date.parse(`2026-03-10T${time}+08:00`);

function receipt(purchaseId: never, time: string, overrides: Partial<HistoryReceipt> = {}): HistoryReceipt {
  return {
    purchaseId,
    occurredAt: at(time),
    day: '2026-03-10',
    amountMinor: 500,
    whole: false,
    ...overrides,
  };
}

function history(overrides: Partial<MemberHistory> = {}): MemberHistory {
  return {
    homeAccountId: numberedId('acc', 1),
    from: '2026-02-10',
    days: new Map([
      ['2026-02-20', day(1_000, 2)],
      ['2026-03-01', day(0, 0)],
      ['2026-03-05', day(300, 1)],
      ['2026-03-10', day(1_000, 2)],
      ['2026-03-12', day(70, 1)],
    ]),
    visitBefore: '2025-12-24',
    receipts: [receipt(FIRST, '09:00'), receipt(SECOND, '15:00')],
    years: null,
    newYears: new Map(),
    ...overrides,
  };
}

const noon: Moment = { day: '2026-03-10', at: at('12:00'), purchaseId: null };

describe('what happened before a moment', () => {
  it('is what the days before it and the receipts before it on its day have', () => {
    expect(pastSince(history(), '2026-02-10', noon)).toEqual({ purchases: 4, visits: 3, spendMinor: 1_800 });
    expect(pastSince(history(), '2026-02-21', noon)).toEqual({ purchases: 2, visits: 2, spendMinor: 800 });
    expect(pastSince(history(), '2026-03-05', noon)).toEqual({ purchases: 2, visits: 2, spendMinor: 800 });
    expect(pastSince(history(), '2026-03-10', noon)).toEqual({ purchases: 1, visits: 1, spendMinor: 500 });
  });

  it('has receipts of the same instant, but not the one whose moment it is', () => {
    const moment = { ...noon, at: at('15:00') };
    expect(pastSince(history(), '2026-03-10', moment)?.purchases).toBe(2);
    expect(pastSince(history(), '2026-03-10', { ...moment, purchaseId: SECOND })?.purchases).toBe(1);
  });

  it('has no receipt that is returned whole, and of the others what is left', () => {
    const receipts = [
      receipt(FIRST, '09:00', { whole: true, amountMinor: 0 }),
      receipt(SECOND, '10:00', { amountMinor: 120 }),
      receipt(THIRD, '10:00', { day: '2026-03-11' }),
    ];
    const past = pastSince(history({ receipts }), '2026-03-10', noon);
    expect(past).toEqual({ purchases: 1, visits: 1, spendMinor: 120 });
    const none = pastSince(history({ receipts: receipts.slice(0, 1) }), '2026-03-10', noon);
    expect(none).toEqual({ purchases: 0, visits: 0, spendMinor: 0 });
  });

  it('is not known where days or totals are missing', () => {
    expect(pastSince(history(), '2026-02-09', noon)).toBeNull();
    expect(pastSince(history(), '0001-01-01', noon)).toBeNull();
    const years = new Map([[2026, { spendMinor: 0, points: 0, purchases: 0, visits: 0, status: 0 }]]);
    expect(pastSince(history({ years }), '2026-02-09', noon)).toBeNull();
    expect(pastSince(history({ from: '0001-01-01' }), '2026-02-09', noon)?.purchases).toBe(4);
  });

  it('is, of a life, the totals less what happened since', () => {
    const years = new Map([
      [2025, { spendMinor: 40_000, points: 9, purchases: 7, visits: 5, status: 0 }],
      [2026, { spendMinor: 2_370, points: 0, purchases: 6, visits: 4, status: 0 }],
    ]);
    // 13 receipts on 9 days; two of 10 March and one of 12 March are taken off, and the one of the morning is added.
    const expected = { purchases: 11, visits: 8, spendMinor: 41_800 };
    expect(pastSince(history({ years }), '0001-01-01', noon)).toEqual(expected);
  });
});

describe('the last visit before a moment', () => {
  it('is today, on a day before it, or from before what was loaded', () => {
    expect(lastVisit(history(), noon)).toBe('2026-03-10');
    expect(lastVisit(history(), { ...noon, at: at('08:59') })).toBe('2026-03-05');
    expect(lastVisit(history(), { day: '2026-03-04', at: 0, purchaseId: null })).toBe('2026-02-20');
    expect(lastVisit(history(), { day: '2026-02-20', at: 0, purchaseId: null })).toBe('2025-12-24');
    const none = history({ visitBefore: null, days: new Map(), receipts: [] });
    expect(lastVisit(none, noon)).toBeNull();
  });

  it('is none that is returned whole', () => {
    const receipts = [receipt(FIRST, '09:00', { whole: true })];
    expect(lastVisit(history({ receipts }), noon)).toBe('2026-03-05');
  });
});

describe('totals of years', () => {
  const bought = (purchaseId: never, businessDate: string, amountMinor: number): DomainEvent =>
    ({
      type: 'purchase.recorded',
      memberId: 'mbr_1',
      data: {
        memberActive: true,
        purchase: { purchaseId, businessDate, occurredAt: at('12:00'), lines: [{ amountMinor }] },
      },
    }) as unknown as DomainEvent;
  const returned = (
    purchaseId: never,
    businessDate: string,
    amountMinor: number,
    whole: boolean,
  ): DomainEvent =>
    ({
      type: 'purchase.returned',
      memberId: 'mbr_1',
      data: {
        counted: true,
        points: 4,
        purchase: { purchaseId, businessDate },
        returned: { amountMinor, whole },
      },
    }) as unknown as DomainEvent;

  it('count days with purchases as visits', () => {
    const days = new Map([
      ['2025-12-31', day(100, 2, 3)],
      ['2026-01-01', day(50, 1, 1)],
      ['2026-01-02', day(0, 0, 0)],
    ]);
    expect([...totalsOf(days)]).toEqual([
      [2025, { spendMinor: 100, points: 3, purchases: 2, visits: 1, status: 0 }],
      [2026, { spendMinor: 50, points: 1, purchases: 1, visits: 1, status: 0 }],
    ]);
  });

  it('follow each event, and what is new of them is kept apart', () => {
    let state = history({ years: totalsOf(history().days) });
    state = afterEvent(state, bought(THIRD, '2026-03-10', 200), ZONE);
    expect(state.days.get('2026-03-10')).toEqual(day(1_200, 3));
    expect(state.receipts.at(-1)).toEqual(receipt(THIRD, '12:00', { amountMinor: 200 }));
    expect(state.newYears.get(2026)).toEqual({
      spendMinor: 200,
      points: 0,
      purchases: 1,
      visits: 0,
      status: 0,
    });
    state = afterEvent(state, bought(THIRD, '2026-03-11', 30), ZONE);
    expect(state.newYears.get(2026)).toEqual({
      spendMinor: 230,
      points: 0,
      purchases: 2,
      visits: 1,
      status: 0,
    });
    state = afterEvent(state, returned(FIRST, '2026-03-05', 300, true), ZONE);
    expect(state.newYears.get(2026)).toEqual({
      spendMinor: -70,
      points: -4,
      purchases: 1,
      visits: 0,
      status: 0,
    });
    expect(state.years).toEqual(totalsOf(state.days));
  });

  it('stay what they are where nothing asks for them', () => {
    const state = afterEvent(history(), bought(THIRD, '2026-03-10', 200), ZONE);
    expect([state.years, state.newYears.size]).toEqual([null, 0]);
  });

  it('of a receipt that came back, the rest of it is known', () => {
    const part = afterEvent(history(), returned(FIRST, '2026-03-10', 200, false), ZONE);
    expect(part.receipts[0]).toMatchObject({ amountMinor: 300, whole: false });
    expect(part.receipts[1]).toEqual(receipt(SECOND, '15:00'));
    const whole = afterEvent(part, returned(FIRST, '2026-03-10', 300, true), ZONE);
    expect(whole.receipts[0]).toMatchObject({ amountMinor: 0, whole: true });
  });

  it('take over the days of a duplicate, of the survivor only', () => {
    const merged = (memberId: string) =>
      ({
        type: 'member.merged',
        memberId,
        data: { survivor: { memberId: 'mbr_1' }, days: [{ day: '2026-03-05', ...day(40, 1, 2) }] },
      }) as unknown as DomainEvent;
    expect(afterEvent(history(), merged('mbr_1'), ZONE).days.get('2026-03-05')).toEqual(day(340, 2, 2));
    const other = history();
    expect(afterEvent(other, merged('mbr_2'), ZONE)).toBe(other);
  });

  it('leave days alone of which nothing was loaded', () => {
    const state = afterEvent(history({ years: new Map() }), returned(FIRST, '2026-01-05', 10, false), ZONE);
    expect(state.days.has('2026-01-05')).toBe(false);
    expect(state.years?.get(2026)).toEqual({
      spendMinor: -10,
      points: -4,
      purchases: 0,
      visits: 0,
      status: 0,
    });
  });
});

describe('what an event adds to a day', () => {
  it('is nothing for a member who is not active, and for events of other kinds', () => {
    const inactive = { type: 'purchase.recorded', data: { memberActive: false } } as unknown as DomainEvent;
    expect(countedBy(inactive, ZONE)).toBeNull();
    expect(countedBy({ type: 'tier.changed' } as unknown as DomainEvent, ZONE)).toBeNull();
  });

  it('adds up', () => {
    expect(addedTo(day(1, 2, 3), day(10, 20, 30))).toEqual(day(11, 22, 33));
    expect(addedTo(undefined, day(1, 2, 3))).toEqual(day(1, 2, 3));
  });
});
