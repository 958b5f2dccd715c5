import { joins, leaves, liabilityOf, opensHousehold, sends } from '../../test/builders/accounts.js';
import { configured, decision, order } from '../../test/builders/adjustment.js';
import type { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { Shop, type Answer, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import type { LotPoints } from '../kernel/domain-events.js';
import type { AccountId } from '../kernel/ids.js';
import type { PointsElsewhere } from './domain/adjustment-facts.js';

/** 1,000 points of compensation carry 900.00. */
function open(policy: Parameters<ConfigurationBuilder['policy']>[0] = {}) {
  const transfers = { expiry: 'keep', minimumPoints: 1, maximumPoints: null } as const;
  const shop = new Shop(
    configured()
      .policy({ transfers, ...policy }, { version: 2 })
      .accounting({ valuePerPoint: '1' }, { version: 2 }),
  );
  return { shop, person: shop.member() };
}

const give = (shop: Shop, person: Person, points = 1000) =>
  shop.does(order(person, shop, { points, reason: 'late-order' }));

const lotsOf = (made: Answer) => (made['lots'] as LotPoints[]).map(({ lotId }) => lotId);

/** Where points of a credit are, as the look-up before the command finds them. */
function placesOf(shop: Shop, made: Answer, people: readonly Person[]): PointsElsewhere[] {
  const opened = new Set<unknown>(lotsOf(made));
  return people.map((person) => {
    const own = [...shop.ledger(person).lots.values()].filter(
      ({ lotId, rootLotId }) => opened.has(lotId) || opened.has(rootLotId),
    );
    return {
      accountId: person.accountId,
      points: own.reduce((sum, lot) => sum + lot.undelivered + lot.pending + lot.available, 0),
      gone: own.reduce((sum, lot) => sum + lot.expired + lot.cancelled, 0),
    };
  });
}

function reversal(shop: Shop, made: Answer, people: readonly Person[], body: object = {}) {
  const places = placesOf(shop, made, people);
  const base = order({ memberId: made['memberId'] } as Person, shop, {
    ...{ kind: 'creditReversal', reason: 'sorry', correctsId: made['id'] },
    ...{ named: lotsOf(made), places, ...body },
  });
  return { ...base, target: { kind: 'member', id: made['memberId'] as string } as const };
}

/** What the reversal is still to take of somebody's account. */
function takes(shop: Shop, made: Answer, undone: Answer, person: Person): Answer {
  const body = { adjustmentId: undone['id'], correctsId: made['id'], namedLots: lotsOf(made) };
  const target = { kind: 'account', id: person.accountId } as const;
  const counterparty = { kind: 'adjustment', id: undone['id'] as string } as const;
  return shop.does(shop.command('adjustment.takeElsewhere', target, body, { counterparty }));
}

describe('a credit whose points went to other members', () => {
  it('is taken back from all of them, with the money that they carry', () => {
    const { shop, person } = open();
    const others = [shop.member(), shop.member()] as const;
    const made = give(shop, person);
    shop.does(sends(shop, person, others[0], 300));
    shop.does(sends(shop, person, others[1], 200));
    const undone = shop.does(reversal(shop, made, [person, ...others]));
    expect(undone).toMatchObject({
      ...{ points: -1000, status: 'posted' },
      outcome: {
        ...{ taken: 500, expired: 0, debt: 0, forgiven: 0 },
        elsewhere: [
          { accountId: others[0].accountId, points: 300 },
          { accountId: others[1].accountId, points: 200 },
        ],
      },
    });
    takes(shop, made, undone, others[0]);
    const done = takes(shop, made, undone, others[1]);
    expect(done).toMatchObject({
      id: undone['id'],
      outcome: { taken: 1000, expired: 0, debt: 0, forgiven: 0, elsewhere: [] },
      balance: { available: 0, debt: 0 },
    });
    expect(done['lots']).toHaveLength(3);
    expect(shop.ledger(others[0]).movements.at(-1)).toMatchObject({
      ...{ eventCode: 'E24', from: 'available', to: 'returned', points: 300, liability: -270_000_000n },
      ...{ causeType: 'adjustment', causeId: undone['id'] },
    });
    expect(liabilityOf(shop, person, ...others)).toBe(0n);
    for (const each of [person, ...others]) expectLedgerToAddUp(shop.ledger(each));
  });

  it('is taken once, however often the rest is asked for', () => {
    const { shop, person } = open();
    const other = shop.member();
    const made = give(shop, person);
    shop.does(sends(shop, person, other, 300));
    shop.does(order(other, shop, { points: 50 }));
    const undone = shop.does(reversal(shop, made, [person, other]));
    const done = takes(shop, made, undone, other);
    expect(takes(shop, made, undone, other)).toEqual(done);
    expect(shop.ledger(other).available).toBe(50);
    expect(shop.refuses(reversal(shop, made, [person, other])).code).toBe('ADJUSTMENT_REVERSED');
  });

  it('is owed by its member as far as others used it, before or meanwhile', () => {
    const { shop, person } = open();
    const other = shop.member();
    const made = give(shop, person);
    shop.does(sends(shop, person, other, 300));
    shop.does(shop.redeem(other, { points: 100 }));
    const undone = shop.does(reversal(shop, made, [person, other]));
    expect(undone).toMatchObject({ outcome: { taken: 700, debt: 100, elsewhere: [{ points: 200 }] } });
    shop.does(shop.redeem(other, { points: 50 }));
    expect(takes(shop, made, undone, other)).toMatchObject({
      outcome: { taken: 850, expired: 0, debt: 150, forgiven: 0, elsewhere: [] },
      balance: { available: 0, debt: 150 },
    });
    expect(shop.ledger(other)).toMatchObject({ available: 0, debt: 0 });
    for (const each of [person, other]) expectLedgerToAddUp(shop.ledger(each));
  });

  it('is forgiven, or left, by the policy', () => {
    const kind = open({ correctionPolicy: 'forgive' });
    const other = kind.shop.member();
    const made = give(kind.shop, kind.person);
    kind.shop.does(sends(kind.shop, kind.person, other, 300));
    const undone = kind.shop.does(reversal(kind.shop, made, [kind.person, other]));
    kind.shop.does(kind.shop.redeem(other, { points: 300 }));
    expect(takes(kind.shop, made, undone, other)).toMatchObject({
      outcome: { taken: 700, debt: 0, forgiven: 300 },
      balance: { debt: 0 },
    });
    const strict = open({ correctionPolicy: 'refuse' });
    const friend = strict.shop.member();
    const kept = give(strict.shop, strict.person);
    strict.shop.does(sends(strict.shop, strict.person, friend, 300));
    strict.shop.does(strict.shop.redeem(friend, { points: 1 }));
    expect(strict.shop.refuses(reversal(strict.shop, kept, [strict.person, friend]))).toMatchObject({
      code: 'POINTS_SPENT',
      meta: { points: 1000, short: 1 },
    });
  });

  it('stays expired where it expired, in whichever account', () => {
    const { shop, person } = open({ expiry: { type: 'days', days: 10 } });
    const other = shop.member();
    const made = give(shop, person);
    shop.does(sends(shop, person, other, 300));
    shop.at('2026-04-10T12:00:00+02:00').does(shop.applyDue(other));
    expect(shop.does(reversal(shop, made, [person, other]))).toMatchObject({
      outcome: { taken: 0, expired: 1000, debt: 0, elsewhere: [] },
    });
    const late = give(shop, person);
    shop.does(sends(shop, person, other, 400));
    const undone = shop.does(reversal(shop, late, [person, other]));
    shop.at('2026-05-10T12:00:00+02:00');
    expect(takes(shop, late, undone, other)).toMatchObject({
      outcome: { taken: 600, expired: 400, debt: 0, elsewhere: [] },
    });
    for (const each of [person, other]) expectLedgerToAddUp(shop.ledger(each));
  });

  it('is corrected in part here before elsewhere', () => {
    const { shop, person } = open();
    const other = shop.member();
    const made = give(shop, person);
    shop.does(sends(shop, person, other, 300));
    const part = { kind: 'debit', debitKind: 'correction', points: 800 };
    const corrected = shop.does(reversal(shop, made, [person, other], part));
    expect(corrected).toMatchObject({ outcome: { taken: 700, elsewhere: [{ points: 100 }] } });
    takes(shop, made, corrected, other);
    expect(shop.ledger(other).available).toBe(200);
    const undone = shop.does(reversal(shop, made, [person, other]));
    expect(takes(shop, made, undone, other)).toMatchObject({ points: -200, outcome: { taken: 200 } });
    expect(liabilityOf(shop, person, other)).toBe(0n);
  });

  it('waits for its approval, and is taken of where it is by then', () => {
    const { shop, person } = open();
    const other = shop.member();
    const made = give(shop, person);
    const asked = shop.does(reversal(shop, made, [person], { reason: 'big' }));
    shop.does(sends(shop, person, other, 300));
    const approval = decision(shop, 'approve', asked['id']);
    const body = { ...(approval.body as object), places: placesOf(shop, made, [person, other]) };
    const approved = shop.does({ ...approval, body });
    expect(approved).toMatchObject({ outcome: { taken: 700, elsewhere: [{ points: 300 }] } });
    expect(takes(shop, made, approved, other)).toMatchObject({ outcome: { taken: 1000, debt: 0 } });
  });
});

describe('a credit whose member left a household', () => {
  function family(shop: Shop, member: Person) {
    const head = shop.member();
    const { id, accountId } = shop.does(opensHousehold(shop, head));
    shop.does(joins(shop, member, id as string));
    return { id: id as string, wallet: { accountId: accountId as AccountId, memberId: head.memberId } };
  }

  it.each([
    ['none', 1000],
    ['equal', 500],
  ] as const)('is taken back in the household that they left with split %s', (split, there) => {
    const { shop, person } = open();
    const made = give(shop, person);
    const { id, wallet } = family(shop, person);
    shop.does(leaves(shop, person, id, split));
    const undone = shop.does(reversal(shop, made, [person, wallet]));
    expect(undone).toMatchObject({
      outcome: { taken: 1000 - there, elsewhere: [{ accountId: wallet.accountId, points: there }] },
    });
    expect(takes(shop, made, undone, wallet)).toMatchObject({
      outcome: { taken: 1000, debt: 0, elsewhere: [] },
      balance: { available: 0, debt: 0 },
    });
    expect(liabilityOf(shop, person, wallet)).toBe(0n);
    for (const each of [person, wallet]) expectLedgerToAddUp(shop.ledger(each));
  });
});
