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
    const days = new Map<string, Taken>();
    const years = new Map<string, Taken>();
    for (const { owner, businessDate: day, points, status = 0 } of cancelled) {
      const { homeAccountId: account_id, memberId: member_id } = owner as FiguresOwner;
      const year = Number(day.slice(0, 4));
      takeOff(days, `${member_id} ${day}`, { account_id, member_id, day }, points, status);
      takeOff(years, `${member_id} ${year}`, { account_id, member_id, year }, points, status);
    }
    const nothing = { spend_minor: 0, visits: 0 };
    for (const { key, points, status } of days.values())
      if (points !== 0 || status !== 0)
        sink.add(QUALIFYING_DAYS, accountId, { ...key, ...nothing, points, status });
    // Totals are taken off where they are kept; elsewhere there is no row.
    for (const { key, points, status } of years.values())
      if (points !== 0 || status !== 0)
        sink.add(COUNTED_YEARS, accountId, { ...key, ...nothing, purchases: 0, points, status });
  },
};

/** What is taken off one row. */
interface Taken {
  readonly key: Readonly<Record<string, unknown>>;
  readonly points: number;
  readonly status: number;
}

function takeOff(
  rows: Map<string, Taken>,
  name: string,
  key: Taken['key'],
  points: number,
  status: number,
): void {
  const before = rows.get(name);
  rows.set(name, { key, points: (before?.points ?? 0) - points, status: (before?.status ?? 0) - status });
}
