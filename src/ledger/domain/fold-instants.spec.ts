import { grant, LedgerStory, lotId, lotPoints } from '../../../test/builders/ledger.js';
import { numberedId } from '../../../test/builders/ids.js';
import { expectLedgerToAddUp } from '../../../test/invariants/ledger.js';
import type { Cause } from '../../kernel/domain-events.js';
import type { LotBucket } from './lot.js';

const PURCHASE: Cause = { type: 'purchase', id: numberedId('pur', 1) };
const RETURN: Cause = { type: 'return', id: 'ret_1' };
const TRANSFER: Cause = { type: 'transfer', id: 'trf_1' };
const ADJUSTMENT: Cause = { type: 'adjustment', id: 'adj_1' };
const redemptionId = numberedId('rdm', 1);

function part<F extends LotBucket>(number: number, points: number, from: F) {
  return { lotId: lotId(number), points, from };
}

/** The last movement. */
function last(story: LedgerStory) {
  return story.state.movements.at(-1);
}

describe('what moves points', () => {
  /** A till that is ahead sells at this instant. */
  const AHEAD = '2026-04-01T00:02:00+02:00';
  const BEFORE = '2026-03-31T23:58:30+02:00';
  const when = (story: LedgerStory) => [new Date(last(story)?.occurredAt ?? 0), last(story)?.postingDate];
  const ahead = (): LedgerStory => new LedgerStory().at(AHEAD).granted(grant(1)).at(BEFORE);

  it.each<[string, (story: LedgerStory) => LedgerStory]>([
    ['a hold', (story) => story.held(...lotPoints([1, 40]))],
    ['a redemption', (story) => story.redeemed('available', ...lotPoints([1, 40]))],
    ['an expiry', (story) => story.expired(...lotPoints([1, 40]))],
    [
      'a return',
      (story) => story.apply('points.returned', { cause: RETURN, lots: [part(1, 40, 'available')] }),
    ],
    [
      'a transfer',
      (story) => story.apply('points.sent', { cause: TRANSFER, lots: [part(1, 40, 'available')] }),
    ],
    ['a debit', (story) => story.apply('points.forfeited', { cause: ADJUSTMENT, lots: lotPoints([1, 40]) })],
    [
      'a debt',
      (story) =>
        story
          .apply('debt.incurred', { cause: RETURN, points: 40 })
          .apply('debt.settled', { cause: RETURN, lots: lotPoints([1, 40]) }),
    ],
  ])('%s does not happen before they were earned, nor is it posted before', (_, move) => {
    const story = move(ahead());
    expect(when(story)).toEqual([new Date(AHEAD), '2026-04-01']);
    expectLedgerToAddUp(story.state);
  });

  it('does not happen before what moved them last, in whatever bucket they are', () => {
    const story = ahead()
      .held(...lotPoints([1, 40]))
      .released(...lotPoints([1, 15]))
      .redeemed('held', ...lotPoints([1, 25]))
      .apply('points.restored', { redemptionId, cause: RETURN, lots: lotPoints([1, 25]) });
    expect(new Set(story.state.movements.map(({ occurredAt }) => occurredAt))).toEqual(
      new Set([Date.parse(AHEAD)]),
    );
    expectLedgerToAddUp(story.state);
  });

  it('happens when it does where they were there before', () => {
    const story = new LedgerStory()
      .granted(grant(1))
      .at(BEFORE)
      .held(...lotPoints([1, 40]));
    expect(when(story)).toEqual([new Date(BEFORE), '2026-03-31']);
  });

  it('fills no debt before it was there, though it tells of an earlier time', () => {
    const story = new LedgerStory()
      .granted(grant(1, { state: 'pending' }))
      .at('2026-04-01T10:00:00+02:00')
      .apply('debt.incurred', { cause: RETURN, points: 30 })
      .at(BEFORE)
      .apply('points.activated', {
        cause: PURCHASE,
        lots: [{ ...part(1, 100, 'pending'), availableAt: 0, expiresAt: null }],
      })
      .apply('debt.settled', { cause: PURCHASE, lots: lotPoints([1, 30]) });
    expect(when(story)).toEqual([new Date('2026-04-01T10:00:00+02:00'), '2026-04-01']);
    expectLedgerToAddUp(story.state);
  });

  it('fills what was open then before the debt grew, and is posted when it had', () => {
    const story = new LedgerStory()
      .granted(grant(1))
      .apply('debt.incurred', { cause: RETURN, points: 30 })
      .at('2026-04-01T10:00:00+02:00')
      .apply('debt.incurred', { cause: RETURN, points: 30 })
      .at(BEFORE)
      .apply('debt.settled', { cause: PURCHASE, lots: lotPoints([1, 30]), wasOpen: true });
    expect(when(story)).toEqual([new Date(BEFORE), '2026-04-01']);
    expectLedgerToAddUp(story.state);
  });

  it('takes no debt along before it was there', () => {
    const story = new LedgerStory()
      .at('2026-04-01T10:00:00+02:00')
      .apply('debt.incurred', { cause: RETURN, points: 30 })
      .at(BEFORE)
      .apply('debt.moved', { cause: TRANSFER, points: 30 });
    expect(when(story)).toEqual([new Date('2026-04-01T10:00:00+02:00'), '2026-04-01']);
  });

  it('is posted on no earlier day than what came before, though what ends at midnight is of the day before', () => {
    const story = new LedgerStory()
      .granted(grant(1))
      .held(...lotPoints([1, 100]))
      .at('2026-04-01T00:00:00+02:00')
      .released(...lotPoints([1, 100]))
      .expired(...lotPoints([1, 100]));
    expect(last(story)).toMatchObject({ to: 'expired', postingDate: '2026-04-01' });
    expectLedgerToAddUp(story.state);
  });

  it('brings points to another account when they left, and on that day', () => {
    const story = new LedgerStory().at(BEFORE).apply('lots.received', {
      cause: TRANSFER,
      lots: [
        {
          ...grant(1),
          memberId: numberedId('mbr', 2),
          buyer: null,
          purchaseId: null,
          earnedAt: Date.parse(AHEAD),
          parentLotId: lotId(8),
          rootLotId: lotId(8),
          movedAt: Date.parse(AHEAD),
          movedOn: '2026-04-02',
        },
      ],
    });
    expect(when(story)).toEqual([new Date(AHEAD), '2026-04-02']);
  });
});
