import type { DomainEventMap, FiguresOwner } from '../kernel/domain-events.js';
import { uuidToId, type AccountId } from '../kernel/ids.js';
import type { AccountSlice } from '../platform/pipeline/index.js';
import { COUNTED_EARNING_DAYS } from './earning-counters.slice.js';

type Cancelled = DomainEventMap['awards.cancelled'];

interface OthersState {
  readonly accountId: AccountId;
  /** Not written yet. */
  readonly cancelled: readonly Cancelled[];
}

/**
 * Points of a household's member are given up while a command speaks for another, or after that member has left. What
 * counted against the limits of rules is that member's and is not loaded, so it is taken off.
 */
export const limitsOfOthersSlice: AccountSlice<OthersState> = {
  scope: 'account',
  name: 'limitsOfOthers',
  columns: [],
  read: (row) => ({ accountId: uuidToId('acc', row['account_id'] as string), cancelled: [] }),
  apply: ({ accountId, cancelled }, event) =>
    event.type === 'awards.cancelled' && event.data.owner !== null
      ? { accountId, cancelled: [...cancelled, event.data] }
      : { accountId, cancelled },
  afterWrite: ({ accountId }) => ({ accountId, cancelled: [] }),
  rows: ({ accountId, cancelled }, sink) => {
    for (const { owner, businessDate: day, awards } of cancelled) {
      const { homeAccountId: account_id, memberId: member_id } = owner as FiguresOwner;
      for (const { ruleId: rule_id, points, whole } of awards) {
        const taken = { points: 0 - points, times: whole ? -1 : 0 };
        sink.add(COUNTED_EARNING_DAYS, accountId, { account_id, member_id, day, rule_id, ...taken });
      }
    }
  },
};
