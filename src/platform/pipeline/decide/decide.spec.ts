import { ConfigurationBuilder } from '../../../../test/builders/configuration.js';
import { purchaseLines } from '../../../../test/builders/purchase.js';
import { opensHousehold } from '../../../../test/builders/accounts.js';
import { accepted, refused, Shop, type Person } from '../../../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../../../test/invariants/ledger.js';
import { reactor } from '../contract/command.js';

const worth = (amountMinor: number) => ({ lines: purchaseLines({ amountMinor }) });

describe('commands of one batch', () => {
  it('see what those before them did', () => {
    const shop = new Shop();
    const member = shop.member();
    const [, redeemed] = shop.batch(shop.purchase(member), shop.redeem(member, { points: 10 }));
    expect(accepted(redeemed)).toMatchObject({
      status: 'captured',
      points: 10,
      discountMinor: 100,
      balance: { available: 0 },
    });
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('are not harmed by one that is refused between them', () => {
    const shop = new Shop();
    const [member, other] = [shop.member(), shop.member()];
    const outcomes = shop.batch(
      shop.purchase(member),
      shop.redeem(member, { points: 11 }),
      shop.purchase(other),
      shop.redeem(member, { points: 4 }),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(['answered', 'refused', 'answered', 'answered']);
    expect(refused(outcomes[1])).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      status: 422,
      meta: { required: 11, available: 10, missing: 1 },
    });
    expect(shop.ledger(member)).toMatchObject({ available: 6, lifetimeRedeemed: 4 });
    expect(shop.ledger(other)).toMatchObject({ available: 10 });
  });

  it('leave no trace when they are refused half-way', () => {
    const shop = new Shop();
    const member = shop.member();
    const stranger = shop.member();
    shop.does(shop.purchase(stranger));
    const { id } = shop.does(shop.redeem(stranger, { points: 10, mode: 'authorise' }));
    const before = shop.snapshot(member);
    expect(shop.refuses(shop.purchase(member, { redemptionIds: [id] })).code).toBe('REDEMPTION_NOT_FOUND');
    expect(shop.snapshot(member)).toEqual(before);
  });

  it('need a handler: a type that nobody carries out is a bug', () => {
    const shop = new Shop();
    const member = shop.member();
    const command = shop.command('points.invent', { kind: 'member', id: member.memberId }, {}, {});
    expect(() => shop.batch(command)).toThrow('no handler for points.invent');
  });
});

describe('a receipt posted twice', () => {
  it('in one batch is granted once and answered twice with the same words', () => {
    const shop = new Shop();
    const member = shop.member();
    const [first, second] = shop.batch(
      shop.purchase(member, { receiptNo: 'R-7' }),
      shop.purchase(member, { receiptNo: 'R-7' }),
    );
    expect(first).toMatchObject({ kind: 'answered', status: 201, replayed: false });
    expect(second).toMatchObject({ kind: 'answered', status: 200, replayed: true });
    expect(accepted(second)).toEqual(accepted(first));
    expect(shop.ledger(member).available).toBe(10);
  });

  it('ten days later, with a key of its own, is answered as the first time', () => {
    const shop = new Shop();
    const member = shop.member();
    const receipt = { receiptNo: 'R-7', occurredAt: Date.parse('2026-03-10T09:00:00Z') };
    const first = shop.does(shop.purchase(member, receipt));
    shop.at('2026-03-20T12:00:00+01:00');
    const [again] = shop.batch(shop.purchase(member, receipt, { idempotencyKey: 'new' }));
    expect(again).toMatchObject({ status: 200, replayed: true });
    expect(accepted(again)).toEqual(first);
    expect(shop.ledger(member).available).toBe(10);
  });

  it.each([
    ['in one batch', true],
    ['later', false],
  ])('with another body, %s, is refused', (_, together) => {
    const shop = new Shop();
    const member = shop.member();
    const first = shop.purchase(member, { receiptNo: 'R-7' });
    const other = shop.purchase(member, { receiptNo: 'R-7', ...worth(20_000) });
    const outcomes = together ? shop.batch(first, other) : [...shop.batch(first), ...shop.batch(other)];
    expect(refused(outcomes[1])).toMatchObject({ code: 'RECEIPT_CONFLICT', status: 422 });
    expect(shop.ledger(member).available).toBe(10);
  });

  it('by two members is a conflict too: a receipt has one owner', () => {
    const shop = new Shop();
    const [one, other] = [shop.member(), shop.member()];
    shop.does(shop.purchase(one, { receiptNo: 'R-7' }));
    expect(shop.refuses(shop.purchase(other, { receiptNo: 'R-7' })).code).toBe('RECEIPT_CONFLICT');
  });

  it('may be posted again after it was refused', () => {
    const shop = new Shop(
      new ConfigurationBuilder().policy().rule().accounting({}, { from: '2026-03-11T00:00:00Z' }),
    );
    const member = shop.member();
    shop.refuses(shop.purchase(member, { receiptNo: 'R-7' }));
    shop.at('2026-03-11T12:00:00+01:00');
    expect(shop.does(shop.purchase(member, { receiptNo: 'R-7' })).pointsGranted).toBe(10);
  });

  it('is deferred when the first of the batch was not written', () => {
    const shop = new Shop();
    const member = shop.member();
    const { tentative } = shop.decide(
      shop.purchase(member, { receiptNo: 'R-7' }),
      shop.purchase(member, { receiptNo: 'R-7' }),
      shop.purchase(member, { receiptNo: 'R-8' }),
    );
    expect([...tentative]).toEqual([1]);
  });
});

describe('what commands share', () => {
  const shopWithMug = () =>
    new Shop(ConfigurationBuilder.shop().reward('mug', { stocked: true })).stock('mug', 1);

  it('makes a refusal hang on those of its batch that took of it before; no other outcome does', () => {
    const shop = shopWithMug();
    const [one, other] = [shop.member(), shop.member()];
    shop.batch(shop.purchase(one), shop.purchase(other));
    const { outcomes, tentative } = shop.decide(
      shop.redeem(one, { rewardId: 'mug' }),
      shop.redeem(other, { rewardId: 'mug' }),
      shop.redeem(other, { points: 11 }),
      shop.purchase(other),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(['answered', 'refused', 'refused', 'answered']);
    expect([...tentative]).toEqual([1]);
  });
});

describe('what is published of a command', () => {
  it('is numbered by account, each with an id of its own, and says when it happened and was recorded', () => {
    const shop = new Shop();
    const member = shop.member();
    const occurredAt = shop.clock - 60_000;
    shop.does(shop.purchase(member, { occurredAt }));
    shop.does(shop.redeem(member, { points: 4 }));
    const events = shop.events(member);
    expect(events.length).toBeGreaterThan(1);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(events.every(({ id }) => id.startsWith('evt_'))).toBe(true);
    expect(events[0]).toMatchObject({
      ...member,
      type: 'purchase.recorded',
      occurredAt: new Date(occurredAt).toISOString(),
      recordedAt: new Date(shop.clock).toISOString(),
    });
  });
});

describe('what is due', () => {
  it('and refused by a reactor refuses the command that came upon it', () => {
    const { rules } = new Shop();
    const problem = { code: 'NOT_NOW', status: 409, title: '', zhHant: '', detail: '' };
    const holdOn = reactor({
      name: 'test.holdOn',
      on: 'redemption.voided',
      react: () => ({ ok: false, refusal: problem }),
    });
    const shop = new Shop(ConfigurationBuilder.shop(), {
      ...rules,
      reactors: new Map([...rules.reactors, ['redemption.voided', [holdOn]]]),
    });
    const member = shop.member();
    shop.does(shop.purchase(member));
    shop.does(shop.redeem(member, { points: 4, mode: 'authorise', holdSeconds: 60 }));
    shop.pass(60_000);
    expect(shop.refuses(shop.redeem(member, { points: 1 }))).toEqual(problem);
  });
});

describe('an Idempotency-Key', () => {
  const key = { idempotencyKey: 'k-1' };

  it('brings the first answer again, and redeems once', () => {
    const shop = new Shop();
    const member = shop.member();
    shop.does(shop.purchase(member));
    const [first] = shop.batch(shop.redeem(member, { points: 4 }, key));
    const [again] = shop.batch(shop.redeem(member, { points: 4 }, key));
    expect(again).toMatchObject({ status: 200, replayed: true });
    expect(accepted(again)).toEqual(accepted(first));
    expect(shop.ledger(member).available).toBe(6);
  });

  it.each([
    [
      'another body',
      (shop: Shop, member: ReturnType<Shop['member']>) => shop.redeem(member, { points: 5 }, key),
    ],
    [
      'another kind of command',
      (shop: Shop, member: ReturnType<Shop['member']>) => shop.purchase(member, {}, key),
    ],
  ])('is refused with %s', (_, other) => {
    const shop = new Shop();
    const member = shop.member();
    shop.does(shop.purchase(member));
    shop.does(shop.redeem(member, { points: 4 }, key));
    expect(shop.refuses(other(shop, member))).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', status: 422 });
  });

  it('is reused in one batch as it is later', () => {
    const shop = new Shop();
    const member = shop.member();
    const outcomes = shop.batch(
      shop.purchase(member, { receiptNo: 'R-1' }, key),
      shop.purchase(member, { receiptNo: 'R-1' }, key),
      shop.purchase(member, { receiptNo: 'R-2' }, key),
    );
    expect(outcomes[1]).toMatchObject({ replayed: true, status: 200 });
    expect(refused(outcomes[2]).code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(shop.ledger(member).available).toBe(10);
  });

  it('sent with a receipt that was known already belongs to that receipt from then on', () => {
    const shop = new Shop();
    const member = shop.member();
    shop.does(shop.purchase(member, { receiptNo: 'R-1' }));
    shop.does(shop.purchase(member, { receiptNo: 'R-1' }, key));
    expect(shop.refuses(shop.purchase(member, { receiptNo: 'R-2' }, key)).code).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    );
  });

  it('sent with a receipt of this very batch is written only if that receipt is', () => {
    const shop = new Shop();
    const member = shop.member();
    const { newClaims } = shop.decide(
      shop.purchase(member, { receiptNo: 'R-1' }),
      shop.purchase(member, { receiptNo: 'R-1' }, key),
    );
    expect(newClaims.map(({ claim: { scope }, accountId }) => [scope, accountId])).toEqual([
      ['receipt', member.accountId],
      ['idempotency-key', member.accountId],
    ]);
  });

  it('is not used up by a refusal', () => {
    const shop = new Shop();
    const member = shop.member();
    shop.refuses(shop.redeem(member, { points: 4 }, key));
    shop.does(shop.purchase(member));
    expect(shop.does(shop.redeem(member, { points: 4 }, key)).points).toBe(4);
  });
});

describe('a command without any claim of its own', () => {
  it('finds its own answer after a lost COMMIT, with its first status', () => {
    const shop = new Shop();
    const member = shop.member();
    shop.does(shop.purchase(member));
    const command = shop.redeem(member, { points: 4 });
    const [first] = shop.batch(command);
    const [retried] = shop.batch(command);
    expect(retried).toMatchObject({ kind: 'answered', status: 201, replayed: false });
    expect(accepted(retried)).toEqual(accepted(first));
    expect(shop.ledger(member).available).toBe(6);
  });
});

describe('a clock that is set back', () => {
  const moments = (shop: Shop, member: Person) =>
    shop.ledger(member).movements.map(({ occurredAt, recordedAt }) => [occurredAt, recordedAt]);
  /** Somebody who bought just now. */
  const story = () => {
    const shop = new Shop().at('2026-03-10T12:00:00+01:00');
    const member = shop.member();
    shop.does(shop.purchase(member));
    return { shop, member, then: shop.clock };
  };

  it('is waited for: what happens meanwhile is of the last instant on record', () => {
    const { shop, member, then } = story();
    const { clockBehind } = shop.pass(-10_000).decide(shop.redeem(member, { points: 4 }));
    expect(clockBehind).toEqual({ held: 1, refused: 0 });
    expect(moments(shop, member)).toEqual([
      [then, then],
      [then, then],
    ]);
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('stands still for others who have to do with the account, and for nobody else', () => {
    const { shop, member, then } = story();
    const stranger = shop.member();
    shop.pass(-60_000);
    shop.does(opensHousehold(shop, member));
    const joined = shop.present(member);
    shop.does(shop.purchase(stranger));
    expect(shop.ledger(joined).movements.map(({ recordedAt }) => recordedAt)).toEqual([then]);
    expect(moments(shop, stranger)).toEqual([[shop.clock, shop.clock]]);
  });

  it('applies what is due by the last instant on record', () => {
    const { shop, member, then } = story();
    shop.does(shop.redeem(member, { points: 4, mode: 'authorise', holdSeconds: 60 }));
    shop.pass(60_000);
    const meanwhile = shop.member();
    shop.does(shop.purchase(meanwhile));
    shop.does(shop.purchase(member));
    shop.pass(-5000);
    shop.does(shop.redeem(member, { points: 20 }));
    expect(shop.ledger(member)).toMatchObject({ available: 0, held: 0 });
    expect(moments(shop, member).at(-1)).toEqual([then + 60_000, then + 60_000]);
  });

  it('refuses everything of the account where it is more than a minute behind, and leaves no trace', () => {
    const { shop, member } = story();
    const before = shop.snapshot(member);
    shop.pass(-60_001);
    const { clockBehind } = shop.decide(shop.redeem(member, { points: 4 }), shop.purchase(member));
    expect(clockBehind).toEqual({ held: 0, refused: 2 });
    expect(shop.refuses(shop.redeem(member, { points: 4 }))).toMatchObject({
      code: 'CLOCK_BEHIND',
      status: 503,
    });
    expect(shop.snapshot(member)).toEqual(before);
    expect(shop.pass(1).does(shop.redeem(member, { points: 4 })).status).toBe('captured');
  });
});

describe('a dry run', () => {
  it('answers with the figures of the real thing and changes nothing', () => {
    const shop = new Shop(ConfigurationBuilder.shop().tiers());
    const member = shop.member();
    const before = shop.snapshot(member);
    const [dry] = shop.batch(
      shop.purchase(member, { receiptNo: 'R-1' }, { dryRun: true, idempotencyKey: 'k' }),
    );
    expect(dry).toMatchObject({ kind: 'answered', status: 200, replayed: false });
    expect(shop.snapshot(member)).toEqual(before);

    const real = shop.does(shop.purchase(member, { receiptNo: 'R-1' }, { idempotencyKey: 'k' }));
    const { pointsGranted, balance, standing, tierChange } = accepted(dry);
    expect({ pointsGranted, balance, standing, tierChange }).toEqual({
      pointsGranted: real.pointsGranted,
      balance: real.balance,
      standing: {
        ...real.standing,
        reason: { ...real.standing.reason, purchaseId: standing.reason.purchaseId },
      },
      tierChange: real.tierChange,
    });
  });

  it('makes no claim and leaves nothing to the next command of its batch', () => {
    const shop = new Shop();
    const member = shop.member();
    const { outcomes, newClaims } = shop.decide(
      shop.purchase(member, {}, { dryRun: true }),
      shop.redeem(member, { points: 1 }),
    );
    expect(refused(outcomes[1]).code).toBe('INSUFFICIENT_POINTS');
    expect(newClaims).toEqual([]);
  });

  it('of a reward takes nothing from its stock', () => {
    const shop = new Shop(ConfigurationBuilder.shop().reward('mug', { stocked: true })).stock('mug', 1);
    const member = shop.member();
    shop.does(shop.purchase(member));
    shop.does(shop.redeem(member, { rewardId: 'mug' }, { dryRun: true }));
    expect(shop.remaining('mug')).toBe(1);
  });
});

describe('reactors', () => {
  it('that answer each other for ever are found out', () => {
    const { rules } = new Shop();
    const echo = reactor({
      name: 'test.echo',
      on: 'points.awarded',
      react: ({ data }) => ({ ok: true, value: [{ type: 'points.awarded', data }] }),
    });
    const shop = new Shop(ConfigurationBuilder.shop(), {
      ...rules,
      reactors: new Map([...rules.reactors, ['points.awarded', [echo]]]),
    });
    expect(() => shop.batch(shop.purchase(shop.member()))).toThrow('reactors form a cycle at points.awarded');
  });
});
