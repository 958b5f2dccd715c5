import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { numberedId } from '../../test/builders/ids.js';
import { purchaseFacts } from '../../test/builders/purchase.js';
import type { DomainEvent, DomainEventMap } from '../kernel/domain-events.js';
import { idToUuid } from '../kernel/ids.js';
import { saleSource } from '../kernel/sale-source.js';
import { earningCountersSlice as slice, firstCountedDay } from './earning-counters.slice.js';

const MEMBER = numberedId('mbr', 1);
const HOME = numberedId('acc', 1);
const HOUSEHOLD = numberedId('acc', 2);
const FACTS = { currency: 'PLN', timeZone: 'Europe/Warsaw', programmeId: numberedId('prg', 1) };

type State = ReturnType<typeof slice.read>;

function loaded(counts: readonly (readonly [string, string, number, number])[] = []): State {
  return slice.read({ earning_account_id: idToUuid(HOME), earning_counts: counts });
}

function after<T extends keyof DomainEventMap>(state: State, type: T, data: DomainEventMap[T]): State {
  return slice.apply(state, { type, data } as DomainEvent, FACTS);
}

function awarded(state: State, points: number, ruleId = 'base'): State {
  return after(state, 'points.awarded', {
    source: saleSource(purchaseFacts()),
    awards: [],
    explanation: [],
    counted: [{ ruleId, points }],
    slidingExpiresAt: null,
  });
}

function returned(state: State, points: number, whole: boolean, businessDate = '2026-03-10'): State {
  const { purchaseId } = purchaseFacts();
  return after(state, 'awards.returned', {
    purchaseId,
    businessDate,
    earnedAt: 0,
    awards: [{ ruleId: 'base', ruleVersion: 1, points, expired: 0, whole }],
  });
}

function rowsOf(state: State): unknown[] {
  const rows: unknown[] = [];
  const sink = {
    add: ({ mode }: { mode: string }, guard: string, values: Readonly<Record<string, unknown>>) =>
      rows.push([mode, guard, values]),
    digest: () => '',
  };
  slice.rows?.(state, sink, { accountId: HOUSEHOLD, memberId: MEMBER });
  return rows;
}

function row(mode: string, points: number, times: number, day = '2026-03-10'): unknown {
  const values = { account_id: HOME, member_id: MEMBER, rule_id: 'base', day, points, times };
  return [mode, HOUSEHOLD, values];
}

describe('the counters of limited rules', () => {
  it('write what was given, under the account the member was enrolled with', () => {
    expect(rowsOf(awarded(awarded(loaded(), 60), 5))).toEqual([row('add', 65, 2)]);
  });

  it('write nothing where nothing was counted', () => {
    expect(rowsOf(loaded([['base', '2026-03-10', 60, 1]]))).toEqual([]);
  });

  it('take what is returned off an existing row, so that none is made for rules that are not counted', () => {
    const state = returned(returned(loaded(), 25, false), 35, true, '2026-03-09');
    expect(rowsOf(state)).toEqual([row('increment', -25, 0), row('increment', -35, -1, '2026-03-09')]);
  });

  it('write a day once where it was given and returned in one batch', () => {
    expect(rowsOf(returned(awarded(loaded(), 60), 60, true))).toEqual([row('add', 0, 0)]);
  });

  it('know what was loaded, given and returned', () => {
    const state = returned(awarded(loaded([['base', '2026-03-10', 40, 1]]), 60), 10, false);
    expect(state.known.get('base')?.get('2026-03-10')).toEqual({ points: 90, times: 2 });
  });

  it('know what any command of a batch loaded', () => {
    const state = slice.merge?.(
      loaded([
        ['base', '2026-03-10', 40, 1],
        ['base', '2026-03-09', 1, 1],
      ]),
      {
        earning_account_id: idToUuid(HOME),
        earning_counts: [
          ['base', '2026-03-09', 1, 1],
          ['base', '2026-02-01', 7, 1],
          ['gift', '2020-01-01', 100, 1],
        ],
      },
    );
    expect([...(state?.known.get('base')?.keys() ?? [])]).toEqual(['2026-03-10', '2026-03-09', '2026-02-01']);
    expect(state?.known.get('gift')?.get('2020-01-01')).toEqual({ points: 100, times: 1 });
  });
});

describe('what the load asks for', () => {
  const at = Date.parse('2026-05-13T12:00:00+02:00');
  const limit = (period: 'purchase' | 'week' | 'month', points = 10) => ({ period, points, times: null });

  it('are the counters of each limited rule from where its own windows start', () => {
    const config = new ConfigurationBuilder()
      .rule({}, { key: 'free' })
      .rule({ limits: [limit('week')] }, { key: 'weekly' })
      .rule({ limits: [limit('week'), limit('month')] }, { key: 'monthly' })
      .build();
    expect(firstCountedDay(config, at)).toBe('2026-05-01');
  });

  it('is nothing where no rule in force looks beyond the receipt', () => {
    const config = new ConfigurationBuilder()
      .rule({ limits: [limit('purchase')] })
      .rule({ limits: [limit('week')] }, { key: 'later', from: '2027-01-01T00:00:00Z' })
      .build();
    expect(firstCountedDay(config, at)).toBeNull();
  });

  it('follows the rules of the time of the receipt', () => {
    const config = new ConfigurationBuilder()
      .rule({}, { from: '2026-01-01T00:00:00Z' })
      .rule({ limits: [limit('month')] }, { version: 2, from: '2026-05-01T00:00:00+02:00' })
      .build();
    expect(firstCountedDay(config, Date.parse('2026-04-30T12:00:00+02:00'))).toBeNull();
    expect(firstCountedDay(config, at)).toBe('2026-05-01');
  });
});
