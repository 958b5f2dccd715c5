import { joins, leaves, liabilityOf, merges, opensHousehold, sends } from '../../test/builders/accounts.js';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { perSpend } from '../../test/builders/earning-rule.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { requested, Shop, type Person } from '../../test/builders/shop.js';
import { UNDO, undoes } from '../../test/builders/undo.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import { earningCountersSlice } from '../earning/index.js';
import { standingSlice } from '../tiers/index.js';

const DAY = '2026-03-10';
/** One point for each 1.00. */
const ONE_PER_ONE = { amount: perSpend({ stepMinor: 100 }) };
const shopping = () => new ConfigurationBuilder().policy().accounting().rule(ONE_PER_ONE);
/** Ten pieces, 100.00 and 100 points together. */
const RECEIPT = { lines: purchaseLines({ amountMinor: 10_000, quantity: '10' }) };
const NOTHING_TAKEN = { pointsTaken: 0, pointsFromDebtPolicy: { debt: 0, forgiven: 0 } };
const pieces = (quantity: string) => ({ lines: [requested({ lineNo: 1, quantity })] });

function open(config: ConfigurationBuilder = shopping()) {
  const shop = new Shop(config);
  const member = shop.member();
  const buy = () => shop.does(shop.purchase(member, RECEIPT)).id as string;
  return { shop, member, buy };
}

const withPolicy = (correctionPolicy: 'debt' | 'forgive' | 'refuse') =>
  shopping().policy({ correctionPolicy }, { version: 2 });

const counted = (shop: Shop, member: Person) => shop.ofMember(member, standingSlice).days.get(DAY)?.points;

describe('an undo of what a rule gave for a receipt', () => {
  it('takes the points and their money back, as a correction that names the undo', () => {
    const { shop, member, buy } = open();
    const id = buy();
    const answer = shop.at('2026-04-02T12:00:00+02:00').does(undoes(shop, id));
    expect(answer).toEqual({ pointsTaken: 100, debt: 0, forgiven: 0 });
    expect(shop.ledger(member)).toMatchObject({ available: 0, debt: 0 });
    expect(shop.ledger(member).movements.at(-1)).toMatchObject({
      ...{ eventCode: 'E24', from: 'available', to: 'returned', points: 100 },
      ...{ causeType: 'undo', causeId: UNDO, postingDate: '2026-04-02' },
    });
    expect(liabilityOf(shop, member)).toBe(0n);
    expectLedgerToAddUp(shop.ledger(member));
    expect(shop.events(member).at(-1)).toMatchObject({
      type: 'purchase.undone',
      data: { undoId: UNDO, purchaseId: id, ruleId: 'base', ruleVersion: 1, pointsTaken: 100 },
    });
  });

  it('finds nothing the second time, and nothing of another version', () => {
    const { shop, member, buy } = open();
    const id = buy();
    expect(shop.does(undoes(shop, id, { version: 2 }))).toMatchObject({ pointsTaken: 0 });
    expect(shop.does(undoes(shop, id, { rule: 'other' }))).toMatchObject({ pointsTaken: 0 });
    shop.does(undoes(shop, id));
    const before = shop.snapshot(member);
    expect(shop.does(undoes(shop, id))).toEqual({ pointsTaken: 0, debt: 0, forgiven: 0 });
    expect(shop.snapshot(member)).toEqual(before);
  });

  it('leaves what another rule gave for the receipt', () => {
    const gift = { amount: perSpend({ stepMinor: 1000 }), origin: 'non_purchase' } as const;
    const { shop, member, buy } = open(shopping().rule(gift, { key: 'gift' }));
    shop.does(undoes(shop, buy(), { rule: 'gift' }));
    expect(shop.ledger(member).available).toBe(100);
    // Gifts are no purchase points, so nothing that counted for tiers is less.
    expect(counted(shop, member)).toBe(100);
  });

  it('takes what returns left, and a later return takes nothing more', () => {
    const { shop, member, buy } = open();
    const id = buy();
    expect(shop.does(shop.returns(id, pieces('3')))).toMatchObject({ pointsTaken: 30 });
    expect(shop.does(undoes(shop, id))).toMatchObject({ pointsTaken: 70 });
    expect(shop.does(shop.returns(id, pieces('2')))).toMatchObject(NOTHING_TAKEN);
    expect(shop.does(shop.returns(id))).toMatchObject(NOTHING_TAKEN);
    expect(shop.ofMember(member, standingSlice).days.get(DAY)).toEqual({
      spendMinor: 0,
      points: 0,
      visits: 0,
      status: 0,
    });
    expect(shop.ledger(member)).toMatchObject({ available: 0, debt: 0 });
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('takes what a return left with the member', () => {
    const { shop, member, buy } = open();
    const id = buy();
    // All 100 points are usable, so the return takes none of its 30.
    expect(shop.does(shop.returns(id, { ...pieces('3'), onlyPending: true }))).toMatchObject({
      pointsTaken: 0,
    });
    expect(counted(shop, member)).toBe(100);
    expect(shop.does(undoes(shop, id))).toMatchObject({ pointsTaken: 100 });
    expect(counted(shop, member)).toBe(0);
    expect(shop.does(undoes(shop, id))).toMatchObject({ pointsTaken: 0 });
    expect(shop.does(shop.returns(id))).toMatchObject(NOTHING_TAKEN);
  });

  it('is no return: goods can still come back once', () => {
    const { shop, buy } = open();
    const id = buy();
    shop.does(undoes(shop, id));
    expect(shop.does(shop.returns(id))).toMatchObject({ ...NOTHING_TAKEN, refundMinor: 10_000 });
    expect(shop.refuses(shop.returns(id)).code).toBe('NOTHING_LEFT_TO_RETURN');
  });
});

describe('spent points of an undone grant', () => {
  it('become a debt by default, which later points fill', () => {
    const { shop, member, buy } = open();
    const id = buy();
    shop.does(shop.redeem(member, { points: 60 }));
    expect(shop.does(undoes(shop, id))).toEqual({ pointsTaken: 40, debt: 60, forgiven: 0 });
    expect(shop.ledger(member)).toMatchObject({ available: 0, debt: 60 });
    buy();
    expect(shop.ledger(member)).toMatchObject({ available: 40, debt: 0 });
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('are taken of the other points of the member at once', () => {
    const { shop, member, buy } = open();
    const first = buy();
    shop.does(shop.redeem(member, { points: 60 }));
    buy();
    expect(shop.does(undoes(shop, first))).toEqual({ pointsTaken: 100, debt: 0, forgiven: 0 });
    expect(shop.ledger(member)).toMatchObject({ available: 40, debt: 0 });
  });

  it('are forgiven, or keep the whole receipt as it is, by the policy', () => {
    const forgiving = open(withPolicy('forgive'));
    const id = forgiving.buy();
    forgiving.shop.does(forgiving.shop.redeem(forgiving.member, { points: 60 }));
    expect(forgiving.shop.does(undoes(forgiving.shop, id))).toEqual({
      pointsTaken: 40,
      debt: 0,
      forgiven: 60,
    });

    const refusing = open(withPolicy('refuse'));
    const kept = refusing.buy();
    refusing.shop.does(refusing.shop.redeem(refusing.member, { points: 60 }));
    expect(refusing.shop.refuses(undoes(refusing.shop, kept))).toMatchObject({
      code: 'UNDO_POINTS_SPENT',
      meta: { short: 60 },
    });
    expect(refusing.shop.ledger(refusing.member).available).toBe(40);
  });

  it('are not among those that expired: these stay expired, and are owed by nobody', () => {
    const { shop, member, buy } = open(
      shopping().policy({ expiry: { type: 'months', months: 1 } }, { version: 2 }),
    );
    const id = buy();
    shop.does(shop.redeem(member, { points: 10 }));
    shop.at('2026-06-01T12:00:00+02:00').does(shop.applyDue(member));
    expect(shop.ledger(member).available).toBe(0);
    expect(shop.does(undoes(shop, id))).toEqual({ pointsTaken: 0, debt: 10, forgiven: 0 });
    expect(shop.does(shop.returns(id))).toMatchObject(NOTHING_TAKEN);
    expectLedgerToAddUp(shop.ledger(member));
  });
});

describe('what an undone grant had counted for', () => {
  it('is given back to the limits of its rule and to the tiers of the day', () => {
    const limits = [{ period: 'day', points: 150, times: 2 }] as const;
    const ladder = { measure: 'points' as const };
    const { shop, member, buy } = open(
      new ConfigurationBuilder()
        .policy()
        .accounting()
        .rule({ ...ONE_PER_ONE, limits })
        .tiers(ladder),
    );
    const id = buy();
    expect(shop.ofMember(member, standingSlice)).toMatchObject({});
    shop.does(undoes(shop, id));
    expect(counted(shop, member)).toBe(0);
    const counters = shop.ofMember(member, earningCountersSlice);
    expect([counters.given, counters.takenBack].map((of) => of?.get('base')?.get(DAY))).toEqual([
      { points: 100, times: 1 },
      { points: -100, times: -1 },
    ]);
    buy();
    expect(shop.ledger(member).available).toBe(100);
  });

  it('takes back a tier that only it had brought', () => {
    const config = shopping().tiers({
      measure: 'points',
      tiers: [
        { key: 'basic', name: 'Basic', threshold: 0 },
        { key: 'gold', name: 'Gold', threshold: 100 },
      ],
    });
    const { shop, member, buy } = open(config);
    const id = buy();
    shop.does(undoes(shop, id));
    expect(shop.events(member).at(-1)).toMatchObject({
      type: 'tier.changed',
      data: { from: 'gold', to: 'basic', purchaseId: id },
    });
  });
});

describe('points of an undone grant that went on', () => {
  it('are taken where they are, what was used there by the buyer', () => {
    const transfers = { expiry: 'keep', minimumPoints: 1, maximumPoints: null } as const;
    const { shop, member, buy } = open(shopping().policy({ transfers }, { version: 2 }));
    const friends = [shop.member(), shop.member()] as const;
    const id = buy();
    shop.does(sends(shop, member, friends[0], 30));
    shop.does(sends(shop, member, friends[1], 20));
    shop.does(shop.redeem(friends[0], { points: 10 }));
    expect(shop.does(undoes(shop, id, { away: friends[0], later: 20 }))).toMatchObject({ pointsTaken: 20 });
    expect(shop.does(undoes(shop, id, { away: friends[0], later: 20 }))).toMatchObject({ pointsTaken: 0 });
    expect(shop.does(undoes(shop, id, { away: friends[1] }))).toMatchObject({ pointsTaken: 20, debt: 0 });
    expect(shop.does(undoes(shop, id))).toEqual({ pointsTaken: 50, debt: 10, forgiven: 0 });
    expect(friends.map((friend) => shop.ledger(friend).available)).toEqual([0, 0]);
    expect(liabilityOf(shop, member, ...friends)).toBe(0n);
    for (const each of [member, ...friends]) expectLedgerToAddUp(shop.ledger(each));
    expect(counted(shop, member)).toBe(0);
  });

  it('keep everything as it is where the policy refuses and some were used', () => {
    const transfers = { expiry: 'keep', minimumPoints: 1, maximumPoints: null } as const;
    const { shop, member, buy } = open(
      shopping().policy({ transfers, correctionPolicy: 'refuse' }, { version: 2 }),
    );
    const friend = shop.member();
    const id = buy();
    shop.does(sends(shop, member, friend, 30));
    shop.does(shop.redeem(friend, { points: 10 }));
    expect(shop.refuses(undoes(shop, id, { away: friend })).code).toBe('UNDO_POINTS_SPENT');
    expect([shop.ledger(member).available, shop.ledger(friend).available]).toEqual([70, 20]);
  });

  it('are taken of the household, also where its member left without them', () => {
    const { shop, member, buy } = open();
    const first = buy();
    const { id: household } = shop.does(opensHousehold(shop, member));
    const house = shop.present(member);
    const partner = shop.member();
    shop.does(joins(shop, partner, household as string));
    const { id: second } = shop.does(shop.purchase(partner, RECEIPT));
    shop.does(leaves(shop, partner, household as string, { points: 0 }));
    expect(shop.ledger(house).available).toBe(200);
    expect(shop.does(undoes(shop, first))).toMatchObject({ pointsTaken: 100, debt: 0 });
    expect(shop.does(undoes(shop, second as string, { away: house }))).toMatchObject({ pointsTaken: 100 });
    expect(shop.does(undoes(shop, second as string))).toEqual({ pointsTaken: 0, debt: 0, forgiven: 0 });
    for (const each of [house, shop.present(partner)]) {
      expect(shop.ledger(each)).toMatchObject({ available: 0, debt: 0 });
    }
    expect(liabilityOf(shop, member, house, partner)).toBe(0n);
    expect(counted(shop, shop.present(partner))).toBe(0);
  });

  it('are taken of the survivor of a merge', () => {
    const { shop, member, buy } = open();
    const survivor = shop.member();
    const id = buy();
    shop.does(shop.returns(id, pieces('4')));
    shop.does(merges(shop, survivor, member));
    expect(shop.does(undoes(shop, id))).toMatchObject({ pointsTaken: 60, debt: 0 });
    expect(shop.ledger(survivor)).toMatchObject({ available: 0, debt: 0 });
    expect(counted(shop, survivor)).toBe(0);
    expect(liabilityOf(shop, member, survivor)).toBe(0n);
  });
});
