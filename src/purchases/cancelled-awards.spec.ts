import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { numberedId } from '../../test/builders/ids.js';
import { lot, lotId } from '../../test/builders/ledger.js';
import type { DomainEventOf } from '../kernel/domain-events.js';
import type { MemberId } from '../kernel/ids.js';
import { ledgerSlice, type Lot } from '../ledger/index.js';
import { memberSlice } from '../members/index.js';
import type { Emission, Work } from '../platform/pipeline/index.js';
import { returnCancelledAwards } from './cancelled-awards.reactor.js';

const [HEAD, BUYER, FORMER] = [1, 2, 3].map((number) => numberedId('mbr', number)) as [
  MemberId,
  MemberId,
  MemberId,
];
const [WALLET, HOME] = [numberedId('acc', 1), numberedId('acc', 2)];
const [RECEIPT, ANOTHER] = [numberedId('pur', 1), numberedId('pur', 2)];
/** Shortly after midnight in Warsaw, the day before in UTC. */
const EARNED_AT = Date.parse('2026-03-10T00:30:00+01:00');

/** All of a lot's points, which came with a receipt of the buyer, have just been given up. */
const cancelled = (number: number, overrides: Partial<Lot> = {}): Lot =>
  lot(number, {
    ...{ memberId: BUYER, purchaseId: RECEIPT, earnedAt: EARNED_AT, rule: { id: 'base', version: 1 } },
    ...{ points: 40, available: 0, cancelled: 40, ...overrides },
  });

const CONFIG = new ConfigurationBuilder().build();

/** A member loaded on an account, with those who were merged into them. */
interface Party {
  readonly memberId: MemberId;
  readonly accountId?: typeof WALLET;
  readonly mergedFrom?: readonly MemberId[];
}

/** What follows when these lots of the wallet are given up while a command speaks for one member, or for two. */
function follows(
  lots: readonly Lot[],
  speaksFor: Party,
  other?: Party,
  owners: ReadonlyMap<MemberId, object> = new Map(),
): readonly Emission[] {
  const partyOf = ({ memberId, accountId = WALLET, mergedFrom = [] }: Party) => ({
    ...{ memberId, accountId, config: CONFIG },
    account: (slice: unknown) =>
      slice === ledgerSlice ? { lots: new Map(lots.map((each) => [each.lotId, each])) } : { owners },
    member: (slice: unknown) => (slice === memberSlice ? { mergedFrom } : undefined),
  });
  const work = { ...partyOf(speaksFor), other: other ? partyOf(other) : null } as unknown as Work;
  const given = lots.map(({ lotId: id, cancelled: points }) => ({ lotId: id, from: 'pending', points }));
  const event = { type: 'points.cancelled', data: { lots: given } } as unknown;
  const reaction = returnCancelledAwards.react(event as DomainEventOf<'points.cancelled'>, work);
  if (!reaction.ok) throw new Error(reaction.refusal.detail);
  return reaction.value;
}

const RETURNED = {
  type: 'awards.returned',
  data: {
    purchaseId: RECEIPT,
    earnedAt: EARNED_AT,
    businessDate: '2026-03-10',
    awards: [{ ruleId: 'base', ruleVersion: 1, points: 40, expired: 0, whole: true }],
  },
};
const TOLD = {
  ...{ memberId: BUYER, owner: null, purchaseId: RECEIPT, elsewhere: false, earnedAt: EARNED_AT },
  ...{
    businessDate: '2026-03-10',
    points: 40,
    awards: [{ ruleId: 'base', ruleVersion: 1, points: 40, expired: 0, whole: true }],
  },
  lots: [{ lotId: lotId(1), points: 40 }],
};

describe('points of a receipt that are cancelled while they wait', () => {
  it('come off what counted for the buyer, whom the command speaks for', () => {
    expect(follows([cancelled(1)], { memberId: BUYER })).toEqual([
      RETURNED,
      { type: 'awards.cancelled', data: TOLD },
    ]);
  });

  it('come off the member that the buyer turned out to be', () => {
    const survivor = { memberId: HEAD, mergedFrom: [FORMER, BUYER] };
    expect(follows([cancelled(1)], survivor)).toEqual([
      RETURNED,
      { type: 'awards.cancelled', data: { ...TOLD, memberId: HEAD } },
    ]);
  });

  it('are only told where they counted for another one of the household, who is not loaded', () => {
    const buyer = { memberId: FORMER, homeAccountId: HOME };
    const owners = new Map([[BUYER, buyer]]);
    expect(follows([cancelled(1)], { memberId: HEAD }, undefined, owners)).toEqual([
      { type: 'awards.cancelled', data: { ...TOLD, owner: { ...buyer, left: false } } },
    ]);
    expect(follows([cancelled(1)], { memberId: HEAD, mergedFrom: [FORMER] })).toEqual([
      { type: 'awards.cancelled', data: TOLD },
    ]);
  });

  it('are told with the account of a buyer who has left, whatever member the lot names', () => {
    const stayed = cancelled(1, { memberId: HEAD, buyer: { memberId: BUYER, homeAccountId: HOME } });
    expect(follows([stayed], { memberId: HEAD }, { memberId: FORMER, accountId: HOME })).toEqual([
      {
        type: 'awards.cancelled',
        data: { ...TOLD, owner: { memberId: BUYER, homeAccountId: HOME, left: true } },
      },
    ]);
  });

  it.each([
    ['another account', HOME, true],
    ['the same account', WALLET, false],
  ])('come off the buyer on %s whom the command has loaded, too', (_, accountId, elsewhere) => {
    expect(follows([cancelled(1)], { memberId: HEAD }, { memberId: BUYER, accountId })).toEqual([
      { ...RETURNED, elsewhere: true },
      { type: 'awards.cancelled', data: { ...TOLD, elsewhere }, elsewhere: true },
    ]);
  });

  it('are told receipt by receipt, under the lots that the receipts opened', () => {
    const lots = [
      cancelled(1),
      cancelled(2, { purchaseId: ANOTHER }),
      cancelled(3, { rootLotId: lotId(9), cancelled: 10 }),
    ];
    const told = follows(lots, { memberId: BUYER }).filter(({ type }) => type === 'awards.cancelled');
    expect(told.map(({ data }) => data)).toEqual([
      {
        ...{ ...TOLD, points: 50 },
        lots: [
          { lotId: lotId(1), points: 40 },
          { lotId: lotId(9), points: 10 },
        ],
        awards: [
          { ruleId: 'base', ruleVersion: 1, points: 40, expired: 0, whole: true },
          { ruleId: 'base', ruleVersion: 1, points: 10, expired: 0, whole: false },
        ],
      },
      { ...TOLD, purchaseId: ANOTHER, lots: [{ lotId: lotId(2), points: 40 }] },
    ]);
  });

  it('are gone with those that a return took: together they are all of the lot', () => {
    const [returned] = follows([cancelled(1, { returned: 30, cancelled: 10 })], { memberId: BUYER });
    expect(returned?.data).toMatchObject({ awards: [{ points: 10, whole: true }] });
  });

  it('count for no tier where no sale brought them, and for no cap without a rule', () => {
    const [, gift] = follows([cancelled(1, { origin: 'non_purchase' })], { memberId: BUYER });
    expect(gift?.data).toMatchObject({ points: 0, awards: [{ points: 40 }] });
    const [, ruleless] = follows([cancelled(1, { rule: null })], { memberId: BUYER });
    expect(ruleless?.data).toMatchObject({ points: 40, awards: [] });
  });

  it('tell nothing where they came with no receipt', () => {
    expect(follows([cancelled(1, { purchaseId: null })], { memberId: BUYER })).toEqual([]);
  });
});
