import type { DomainEventMap, FiguresOwner } from '../kernel/domain-events.js';
import { uuidToId, type AccountId } from '../kernel/ids.js';
import type { AccountSlice } from '../platform/pipeline/index.js';
import { COUNTED_YEARS } from './member-history.slice.js';
import { QUALIFYING_DAYS } from './tiers.slice.js';

type Cancelled = DomainEventMap['awards.cancelled'];

interface OthersState {
  readonly accountId: AccountId;
  /** Not written yet. */
  readonly cancelled: readonly Cancelled[];
}

/**
 * Points wait for one member of a household, or for one who has left it, and are given up while a command speaks for
 * another, or a job for the head. The measures are that member's and are not loaded, so the points are taken off.
 */
export const measuresOfOthersSlice: AccountSlice<OthersState> = {
  scope: 'account',
  name: 'measuresOfOthers',
  columns: [],
  read: (row) => ({ accountId: uuidToId('acc', row['account_id'] as string), cancelled: [] }),
  apply: ({ accountId, cancelled }, event) =>
    event.type === 'awards.cancelled' && event.data.owner !== null
      ? { accountId, cancelled: [...cancelled, event.data] }
      : { accountId, cancelled },
  afterWrite: ({ accountId }) => ({ accountId, cancelled: [] }),
  rows: ({ accountId, cancelled }, sink) => {
    // One row a day: a statement that met the same row twice would be refused, and its batch halved.
    const days = new Map<string, Record<string, unknown> & { points: number }>();
    const years = new Map<string, Record<string, unknown> & { points: number }>();
    for (const { owner, businessDate: day, points } of cancelled) {
      const { homeAccountId: account_id, memberId: member_id } = owner as FiguresOwner;
      const name = `${member_id} ${day}`;
      const before = days.get(name)?.points ?? 0;
      days.set(name, { account_id, member_id, day, spend_minor: 0, points: before - points, visits: 0 });
      const year = Number(day.slice(0, 4));
      const inYear = years.get(`${member_id} ${year}`)?.points ?? 0;
      const counted = { spend_minor: 0, points: inYear - points, purchases: 0, visits: 0 };
      years.set(`${member_id} ${year}`, { account_id, member_id, year, ...counted });
    }
    for (const day of days.values()) if (day.points !== 0) sink.add(QUALIFYING_DAYS, accountId, day);
    // Totals are taken off where they are kept; elsewhere there is no row.
    for (const year of years.values()) if (year.points !== 0) sink.add(COUNTED_YEARS, accountId, year);
  },
};
