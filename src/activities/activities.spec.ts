import { activity, cancellation } from '../../test/builders/activity.js';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { Shop, type Person } from '../../test/builders/shop.js';
import { earningCountersSlice } from '../earning/index.js';

const none = { required: false, maxLength: null, minimum: null, maximum: null, values: null };
const STARS = { ...none, name: 'stars', type: 'whole' as const, required: true, minimum: '1', maximum: '5' };

/** Reviews earn 50 points, those of four stars or more 30 besides; check-ins 5, once a day. */
function programme(): ConfigurationBuilder {
  return ConfigurationBuilder.shop()
    .activityType('review', { attributes: [STARS] })
    .activityType('check-in')
    .activityRule('review')
    .activityRule(
      'review',
      { condition: 'activity.number("stars") >= decimal("4")', amount: { type: 'fixed', points: 30 } },
      { key: 'liked' },
    )
    .activityRule('check-in', {
      amount: { type: 'fixed', points: 5 },
      limits: [{ period: 'day', points: null, times: 1 }],
    });
}

function review(shop: Shop, member: Person, stars: number) {
  return activity(shop, member, 'review', { attributes: { stars } });
}

function countedBy(shop: Shop, member: Person, rule: string) {
  const { known } = shop.ofMember(member, earningCountersSlice);
  return [...(known.get(rule) ?? [])];
}

describe('an activity', () => {
  const shop = new Shop(programme());
  const lin = shop.member();

  it('earns by the rules for its type, and says why', () => {
    const { pointsGranted, grants, balance } = shop.does(review(shop, lin, 5));
    expect([pointsGranted, balance.available]).toEqual([80, 80]);
    expect(grants).toMatchObject([
      { rule: { id: 'liked' }, origin: 'non_purchase', points: 30, lines: [] },
      { rule: { id: 'review' }, origin: 'non_purchase', points: 50, lines: [] },
    ]);
    const [outcome] = shop.batch(review(shop, lin, 3));
    expect(outcome).toMatchObject({
      explanation: [
        {
          rule: { id: 'liked' },
          why: 'conditionFalse',
          condition: { on: 'activity', part: 0, values: { 'activity.number("stars")': '3' } },
        },
        { rule: { id: 'review' }, why: 'matched', points: 50 },
      ],
    });
  });

  it('carries no money, and its movements name it', () => {
    const { id, grants } = shop.does(review(shop, lin, 1));
    const opened = shop.movements().filter(({ lotId }) => lotId === grants[0].lotId);
    expect(opened).toMatchObject([
      {
        from: 'issued',
        to: 'available',
        points: 50,
        liability: 0n,
        eventCode: 'E02',
        causeType: 'activity',
        causeId: id,
      },
    ]);
  });

  it('is looked at by no rule about receipts, nor a receipt by a rule about activities', () => {
    const [outcome] = shop.batch(shop.purchase(lin));
    expect(outcome).toMatchObject({ explanation: [{ rule: { id: 'base' } }] });
  });

  it('writes nothing in a dry run', () => {
    const before = shop.snapshot(lin);
    const { pointsGranted } = shop.does(
      activity(shop, lin, 'review', { attributes: { stars: 4 } }, { dryRun: true }),
    );
    expect(pointsGranted).toBe(80);
    expect(shop.snapshot(lin)).toEqual(before);
  });

  it('is one with its source and number', () => {
    const once = activity(shop, lin, 'check-in', { externalId: 'C-1' });
    const first = shop.does(once);
    expect(shop.does(activity(shop, lin, 'check-in', { externalId: 'C-1' }))).toEqual(first);
    const other = activity(shop, lin, 'review', { externalId: 'C-1', attributes: { stars: 1 } });
    expect(shop.refuses(other).code).toBe('ACTIVITY_CONFLICT');
  });

  it('of a member who is not active is recorded and earns nothing', () => {
    const chen = shop.member('suspended');
    const [outcome] = shop.batch(activity(shop, chen, 'check-in'));
    expect(outcome).toMatchObject({ explanation: [{ why: 'memberNotActive', points: 0 }] });
  });
});

describe('an activity is refused', () => {
  const config = ConfigurationBuilder.shop()
    .activityType('review', { attributes: [STARS], daysBack: 7, secondsAhead: 60 })
    .activityType('survey', {}, { from: '2026-03-01T00:00:00Z' })
    .activityType('survey', { retired: true }, { version: 2, from: '2026-03-10T00:00:00Z' })
    .activityType('visit', { reportedBy: ['pos'] });
  const shop = new Shop(config).at('2026-03-10T12:00:00+01:00');
  const lin = shop.member();
  const at = (text: string) => Date.parse(text);

  it.each([
    ['of a type that is not declared', 'dance', {}, 'ACTIVITY_TYPE_UNKNOWN', '/type'],
    [
      'of a time before its type',
      'survey',
      { occurredAt: at('2026-02-28T12:00:00Z') },
      'ACTIVITY_TYPE_UNKNOWN',
      '/type',
    ],
    ['of a retired type', 'survey', {}, 'ACTIVITY_TYPE_RETIRED', '/type'],
    [
      'with attributes outside the schema',
      'review',
      { attributes: { stars: 6 } },
      'ACTIVITY_ATTRIBUTES_INVALID',
      '/attributes/stars',
    ],
    [
      'in the future',
      'review',
      { attributes: { stars: 5 }, occurredAt: at('2026-03-10T12:01:01+01:00') },
      'ACTIVITY_IN_FUTURE',
      '/occurredAt',
    ],
    [
      'too old',
      'review',
      { attributes: { stars: 5 }, occurredAt: at('2026-03-02T23:59:59+01:00') },
      'ACTIVITY_TOO_OLD',
      '/occurredAt',
    ],
  ])('%s', (_, type, overrides, code, pointer) => {
    const problem = shop.refuses(activity(shop, lin, type, overrides));
    expect(problem).toMatchObject({ code, status: 422, errors: [{ pointer }] });
  });

  it('from a key that may not report it', () => {
    expect(shop.refuses(activity(shop, lin, 'visit'))).toMatchObject({
      code: 'ACTIVITY_NOT_REPORTABLE',
      status: 403,
      meta: { required: ['pos'] },
    });
  });

  it('for its own faults before its member is looked for', () => {
    expect(shop.refuses(shop.unknown(activity(shop, lin, 'dance'))).code).toBe('ACTIVITY_TYPE_UNKNOWN');
    const known = activity(shop, lin, 'review', { attributes: { stars: 1 } });
    expect(shop.refuses(shop.unknown(known)).code).toBe('MEMBER_NOT_FOUND');
  });

  it('but one that occurred before its type was retired is taken', () => {
    const late = activity(shop, lin, 'survey', { occurredAt: at('2026-03-09T12:00:00Z') });
    expect(shop.does(late).typeVersion).toBe(1);
  });
});

describe('late activities', () => {
  it('are judged by the rules, the limits and the day of when they occurred, in whatever order they come', () => {
    const config = programme().activityRule(
      'check-in',
      { amount: { type: 'fixed', points: 9 } },
      { version: 2, from: '2026-03-09T23:30:00Z' },
    );
    const shop = new Shop(config).at('2026-03-10T12:00:00+01:00');
    const lin = shop.member();
    // Half an hour past midnight in Warsaw: the new version is in force, and the day is the tenth.
    const night = shop.does(
      activity(shop, lin, 'check-in', { occurredAt: Date.parse('2026-03-09T23:30:00Z') }),
    );
    const evening = shop.does(
      activity(shop, lin, 'check-in', { occurredAt: Date.parse('2026-03-09T22:30:00Z') }),
    );
    const again = shop.does(
      activity(shop, lin, 'check-in', { occurredAt: Date.parse('2026-03-09T10:00:00Z') }),
    );
    expect([night, evening, again].map(({ pointsGranted }) => pointsGranted)).toEqual([9, 5, 0]);
    expect(evening.grants[0].expiresAt).toBe('2027-03-09T23:00:00.000Z');
  });
});

describe('an activity that is cancelled', () => {
  it('gives its points back, and its limits what it had used of them', () => {
    const shop = new Shop(programme());
    const lin = shop.member();
    const { id } = shop.does(activity(shop, lin, 'check-in'));
    expect(shop.does(activity(shop, lin, 'check-in')).pointsGranted).toBe(0);
    const answer = shop.does(cancellation(shop, id));
    expect(answer).toMatchObject({ id, pointsTaken: 5, pointsGone: 0, debt: 0, forgiven: 0 });
    expect(answer.balance).toMatchObject({ available: 0, debt: 0 });
    expect(countedBy(shop, lin, 'check-in')).toEqual([['2026-03-10', { points: 0, times: 0 }]]);
    expect(shop.does(activity(shop, lin, 'check-in')).pointsGranted).toBe(5);
  });

  it('is cancelled once, and a repeat is answered as the first', () => {
    const shop = new Shop(programme());
    const lin = shop.member();
    const { id } = shop.does(review(shop, lin, 5));
    const first = shop.does(cancellation(shop, id));
    expect(shop.does(cancellation(shop, id))).toEqual(first);
    expect(shop.ledger(lin).available).toBe(0);
  });

  it('leaves a debt for points that were spent, or forgives them, as returns do', () => {
    for (const [returnPolicy, debt, forgiven] of [
      ['debt', 60, 0],
      ['deductFromRefund', 60, 0],
      ['forgive', 0, 60],
    ] as const) {
      const shop = new Shop(programme().policy({ returnPolicy }, { version: 2 }));
      const lin = shop.member();
      const { id } = shop.does(review(shop, lin, 5));
      shop.does(shop.redeem(lin, { points: 60 }));
      expect(shop.does(cancellation(shop, id))).toMatchObject({ pointsTaken: 20, debt, forgiven });
      expect(shop.ledger(lin)).toMatchObject({ available: 0, debt });
    }
  });

  it('opens a debt again that its points had filled', () => {
    const shop = new Shop(programme());
    const lin = shop.member();
    const spent = shop.does(review(shop, lin, 5));
    shop.does(shop.redeem(lin, { points: 80 }));
    shop.does(cancellation(shop, spent.id));
    const { id, pointsToDebt } = shop.does(review(shop, lin, 1));
    expect(pointsToDebt).toBe(50);
    expect(shop.ledger(lin).debt).toBe(30);
    expect(shop.does(cancellation(shop, id))).toMatchObject({ pointsTaken: 0, debt: 50 });
    expect(shop.ledger(lin)).toMatchObject({ available: 0, debt: 80 });
  });

  it('takes nothing for points that expired', () => {
    const shop = new Shop(programme());
    const lin = shop.member();
    const { id } = shop.does(review(shop, lin, 5));
    shop.at('2027-04-01T12:00:00+02:00');
    expect(shop.does(cancellation(shop, id))).toMatchObject({ pointsTaken: 0, pointsGone: 80, debt: 0 });
  });

  it('is found with the member it was merged into', () => {
    const shop = new Shop(programme());
    const [lin, twin] = [shop.member(), shop.member()];
    const { id } = shop.does(activity(shop, twin, 'check-in'));
    const merge = { survivor: lin.memberId, duplicate: twin.memberId };
    const target = { kind: 'member', id: lin.memberId } as const;
    shop.does(
      shop.command('member.merge', target, merge, { counterparty: { kind: 'member', id: twin.memberId } }),
    );
    expect(shop.does(activity(shop, lin, 'check-in')).pointsGranted).toBe(0);
    expect(shop.does(cancellation(shop, id))).toMatchObject({
      memberId: lin.memberId,
      pointsTaken: 5,
      debt: 0,
    });
    expect(shop.does(activity(shop, lin, 'check-in')).pointsGranted).toBe(5);
  });

  it('writes nothing in a dry run', () => {
    const shop = new Shop(programme());
    const lin = shop.member();
    const { id } = shop.does(review(shop, lin, 5));
    const before = shop.snapshot(lin);
    expect(shop.does(cancellation(shop, id, { dryRun: true })).pointsTaken).toBe(80);
    expect(shop.snapshot(lin)).toEqual(before);
  });
});

describe('points that slide', () => {
  const sliding = (extendsExpiry: boolean) => {
    const config = new ConfigurationBuilder()
      .policy({ expiry: { type: 'sliding', days: 30 } })
      .accounting()
      .rule()
      .activityType('check-in', { extendsExpiry });
    const shop = new Shop(config);
    const lin = shop.member();
    shop.does(shop.purchase(lin));
    shop.at('2026-03-20T12:00:00+01:00').does(activity(shop, lin, 'check-in'));
    return new Date(shop.ledger(lin).slidingExpiresAt as number).toISOString();
  };

  it('are moved on by an activity only where its type says so', () => {
    expect(sliding(false)).toBe('2026-04-09T22:00:00.000Z');
    expect(sliding(true)).toBe('2026-04-19T22:00:00.000Z');
  });
});
