import { merges } from '../../test/builders/accounts.js';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { placesOf, registers, setPlaces, unregisters } from '../../test/builders/registration.js';
import { Shop, type Answer, type Person } from '../../test/builders/shop.js';
import { registrationsSlice } from './registrations.slice.js';

const NOON = '2026-03-10T12:00:00+01:00';

/** Receipts earn 10 points; those of members registered for `spring` 30 more, and registering 7. */
function programme(campaign: Parameters<ConfigurationBuilder['campaign']>[1] = {}): ConfigurationBuilder {
  return ConfigurationBuilder.shop()
    .campaign('spring', campaign)
    .rule(
      { campaign: 'spring', origin: 'purchase_conditional', amount: { type: 'fixed', points: 30 } },
      { key: 'spend' },
    )
    .rule(
      {
        trigger: { type: 'registration', campaign: 'spring' },
        origin: 'non_purchase',
        amount: { type: 'fixed', points: 7 },
        limits: [{ period: 'day', points: null, times: 1 }],
      },
      { key: 'sign-up' },
    );
}

function buys(shop: Shop, member: Person, occurredAt = shop.clock): Answer {
  return shop.does(shop.purchase(member, { occurredAt }));
}

/** What the rule for the campaign said of a receipt. */
function spendRule(shop: Shop, member: Person, occurredAt = shop.clock): Answer {
  const [outcome] = shop.batch(shop.purchase(member, { occurredAt }));
  const { explanation } = outcome as unknown as { explanation: readonly Answer[] };
  return explanation.find(({ rule }) => rule.id === 'spend') as Answer;
}

describe('a registration for a campaign', () => {
  it('gives the points for registering alone, which carry no money, and says why', () => {
    const shop = new Shop(programme());
    const lin = shop.member();
    const [outcome] = shop.batch(registers(shop, lin, 'spring'));
    expect(outcome).toMatchObject({
      status: 201,
      explanation: [{ rule: { id: 'sign-up' }, why: 'matched', points: 7 }],
    });
    expect(shop.ledger(lin).available).toBe(7);
    expect(shop.movements()).toMatchObject([
      { from: 'issued', points: 7, liability: 0n, causeType: 'registration' },
    ]);
  });

  it('is one for a member: a repeat is answered as the first', () => {
    const shop = new Shop(programme());
    const lin = shop.member();
    const first = shop.does(registers(shop, lin, 'spring'));
    expect(first).toMatchObject({ campaignId: 'spring', campaignVersion: 1, pointsGranted: 7 });
    shop.at('2026-03-12T12:00:00+01:00');
    expect(shop.does(registers(shop, lin, 'spring'))).toEqual(first);
    expect(shop.ledger(lin).available).toBe(7);
  });

  it('writes nothing in a dry run', () => {
    const shop = new Shop(programme());
    const lin = shop.member();
    setPlaces(shop, 'spring', [1]);
    setPlaces(shop, 'spring', [1], '2026-03-10');
    const before = shop.snapshot(lin);
    expect(shop.does(registers(shop, lin, 'spring', { dryRun: true })).pointsGranted).toBe(7);
    expect(shop.snapshot(lin)).toEqual(before);
  });

  it('is refused outside the time in which members may register, and to keys that may not', () => {
    const times = { opensAt: '2026-03-01T00:00:00.000Z', closesAt: '2026-03-11T00:00:00.000Z' };
    const shop = new Shop(programme({ ...times, registeredBy: ['pos'] })).at('2026-02-28T12:00:00Z');
    const lin = shop.member();
    expect(shop.refuses(registers(shop, lin, 'spring')).code).toBe('REGISTRATION_NOT_OPEN');
    shop.at('2026-03-11T00:00:00Z');
    expect(shop.refuses(registers(shop, lin, 'spring')).code).toBe('REGISTRATION_CLOSED');
    expect(shop.refuses(registers(shop, lin, 'autumn'))).toMatchObject({
      code: 'CAMPAIGN_NOT_FOUND',
      status: 404,
    });
    shop.at(NOON);
    expect(shop.refuses(registers(shop, lin, 'spring', { registrars: ['activities'] }))).toMatchObject({
      code: 'REGISTRATION_NOT_ALLOWED',
      status: 403,
      meta: { required: ['pos'] },
    });
  });

  it.each([
    ['suspended', 'MEMBER_SUSPENDED'],
    ['closed', 'MEMBER_CLOSED'],
  ] as const)('is refused to a member who is %s', (status, code) => {
    const shop = new Shop(programme());
    expect(shop.refuses(registers(shop, shop.member(status), 'spring')).code).toBe(code);
  });
});

describe('the places of a campaign', () => {
  it('are taken from all slices, and only then is it full', () => {
    const shop = new Shop(programme());
    setPlaces(shop, 'spring', [0, 1, 1]);
    for (let index = 0; index < 2; index += 1) shop.does(registers(shop, shop.member(), 'spring'));
    expect(placesOf(shop, 'spring')).toEqual([0, 0, 0]);
    expect(shop.refuses(registers(shop, shop.member(), 'spring'))).toMatchObject({
      code: 'CAMPAIGN_FULL',
      status: 409,
      meta: { day: null },
    });
  });

  it('are never more than there are where members register together', () => {
    const shop = new Shop(programme());
    setPlaces(shop, 'spring', [1, 1]);
    const outcomes = shop.batch(...[1, 2, 3].map(() => registers(shop, shop.member(), 'spring')));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['answered', 'answered', 'refused']);
  });

  it('are counted by the local day, too', () => {
    const shop = new Shop(programme()).at('2026-03-10T23:59:59+01:00');
    setPlaces(shop, 'spring', [5]);
    setPlaces(shop, 'spring', [1], '2026-03-10');
    setPlaces(shop, 'spring', [1], '2026-03-11');
    shop.does(registers(shop, shop.member(), 'spring'));
    const late = shop.member();
    expect(shop.refuses(registers(shop, late, 'spring'))).toMatchObject({
      code: 'CAMPAIGN_FULL',
      meta: { day: '2026-03-10' },
    });
    shop.at('2026-03-11T00:00:00+01:00').does(registers(shop, late, 'spring'));
    expect(placesOf(shop, 'spring')).toEqual([3]);
  });

  it('come back with a cancellation, and the next member gets it', () => {
    const shop = new Shop(programme());
    setPlaces(
      shop,
      'spring',
      Array.from({ length: 16 }, (_, slice) => +(slice === 0)),
    );
    const [lin, chen] = [shop.member(), shop.member()];
    const { id } = shop.does(registers(shop, lin, 'spring'));
    expect(shop.refuses(registers(shop, chen, 'spring')).code).toBe('CAMPAIGN_FULL');
    shop.does(unregisters(shop, 'spring', id));
    shop.does(registers(shop, chen, 'spring'));
  });
});

describe('a registration that is cancelled', () => {
  it('gives back its points, and its limits what they counted; the member may register again', () => {
    const shop = new Shop(programme());
    const lin = shop.member();
    const { id } = shop.does(registers(shop, lin, 'spring'));
    shop.does(shop.redeem(lin, { points: 3 }));
    expect(shop.does(unregisters(shop, 'spring', id))).toMatchObject({
      id,
      pointsTaken: 4,
      debt: 3,
      balance: { available: 0, debt: 3 },
    });
    const again = shop.does(registers(shop, lin, 'spring'));
    expect([again.id === id, again.pointsGranted]).toEqual([false, 7]);
    expect(shop.ledger(lin)).toMatchObject({ available: 4, debt: 0 });
  });

  it('is cancelled once, of its own campaign', () => {
    const shop = new Shop(programme().campaign('autumn'));
    const lin = shop.member();
    const { id } = shop.does(registers(shop, lin, 'spring'));
    expect(shop.refuses(unregisters(shop, 'autumn', id)).code).toBe('REGISTRATION_NOT_FOUND');
    const first = shop.does(unregisters(shop, 'spring', id));
    expect(shop.does(unregisters(shop, 'spring', id))).toEqual(first);
  });
});

describe('a rule that names a campaign', () => {
  it('gives to receipts from the registration on, and says of others that they do not count', () => {
    const shop = new Shop(programme());
    const lin = shop.member();
    expect(spendRule(shop, lin)).toMatchObject({ why: 'notRegistered', matched: false, points: 0 });
    shop.does(registers(shop, lin, 'spring'));
    const later = shop.at('2026-03-11T12:00:00+01:00');
    expect(spendRule(later, lin)).toMatchObject({ why: 'matched', points: 30 });
  });

  it('judges late receipts by when they occurred', () => {
    const shop = new Shop(programme());
    const lin = shop.member();
    const { id } = shop.does(registers(shop, lin, 'spring'));
    shop.at('2026-03-12T12:00:00+01:00').does(unregisters(shop, 'spring', id));
    const points = ['10T11:59:59', '10T12:00:00', '12T11:59:59', '12T12:00:00'].map(
      (time) => spendRule(shop, lin, Date.parse(`2026-03-${time}+01:00`)).points as number,
    );
    expect(points).toEqual([0, 30, 30, 0]);
  });

  it('counts from the start where the campaign says so', () => {
    const startsAt = '2026-03-09T00:00:00.000Z';
    const shop = new Shop(programme({ countsFrom: 'start', startsAt }));
    const lin = shop.member();
    shop.does(registers(shop, lin, 'spring'));
    const points = ['2026-03-08T23:59:59Z', '2026-03-09T00:00:00Z'].map(
      (time) => spendRule(shop, lin, Date.parse(time)).points as number,
    );
    expect(points).toEqual([0, 30]);
  });

  it('takes its points back with the goods, whatever became of the registration', () => {
    const shop = new Shop(programme());
    const lin = shop.member();
    const { id: registration } = shop.does(registers(shop, lin, 'spring'));
    const { id, pointsGranted } = buys(shop, lin);
    shop.does(unregisters(shop, 'spring', registration));
    const half = shop.does(
      shop.returns(id, { lines: [{ lineNo: 1, sku: null, quantity: null, amountMinor: 5000 }] }),
    );
    expect([pointsGranted, half.pointsTaken]).toEqual([40, 5]);
    expect(shop.does(shop.returns(id)).pointsTaken).toBe(35);
  });
});

describe('two members who turn out to be one', () => {
  it('keep the registration that came first, and the place of the other comes back', () => {
    const shop = new Shop(programme());
    setPlaces(
      shop,
      'spring',
      Array.from({ length: 16 }, () => 1),
    );
    const [lin, twin] = [shop.member(), shop.member()];
    shop.does(registers(shop, twin, 'spring'));
    shop.at('2026-03-11T12:00:00+01:00').does(registers(shop, lin, 'spring'));
    const left = () => placesOf(shop, 'spring').reduce((sum, places) => sum + places, 0);
    expect(left()).toBe(14);
    shop.does(merges(shop, lin, twin));
    expect(left()).toBe(15);
    const [ended, kept] = [lin, twin].map(
      (member) => shop.ofAccount(member, registrationsSlice).cancelled.length,
    );
    expect([ended, kept]).toEqual([1, 0]);
    // What both had got for registering stays.
    expect(shop.ledger(lin).available).toBe(14);
  });
});
