import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { activity, cancellation } from '../../test/builders/activity.js';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import {
  changesRole,
  closes,
  joins,
  leaves,
  merges,
  opensHousehold,
  sends,
} from '../../test/builders/accounts.js';
import { decision, order } from '../../test/builders/adjustment.js';
import { purchaseLine } from '../../test/builders/purchase.js';
import { registers, unregisters } from '../../test/builders/registration.js';
import { Shop, type Person } from '../../test/builders/shop.js';
import { undoes } from '../../test/builders/undo.js';
import { eventCatalogue } from '../composition.js';
import type { LotPoints } from '../kernel/domain-events.js';
import { isId, type AdjustmentId } from '../kernel/ids.js';
import type { PublicEvent } from '../kernel/public-event.js';
import { parseInstant } from '../kernel/time.js';

const ajv = new Ajv2020({ strict: true, allErrors: true });
ajv.addFormat('date', /^\d{4}-\d{2}-\d{2}$/);
ajv.addFormat('date-time', (text: string) => parseInstant(text) !== null);

const validators = new Map<string, ValidateFunction>(
  eventCatalogue.schemas.map((entry) => [
    `${entry.type} v${entry.version}`,
    ajv.compile(eventCatalogue.document(entry)),
  ]),
);

/** A year in a shop in which everything that is published happens at least once. */
function everythingHappens(): { shop: Shop; member: Person } {
  const config = ConfigurationBuilder.shop()
    .policy({ expiry: { type: 'days', days: 30 } }, { version: 2 })
    .rule({ origin: 'non_purchase', expiry: { type: 'never' } }, { key: 'gift' })
    .campaign('spring')
    .activityType('check-in')
    .activityRule('check-in')
    .tiers()
    .rule({ gives: 'status' }, { key: 'status' })
    .reward('mug')
    .rule(
      {
        lines: { includeCategories: ['web'], excludeCategories: [] },
        pending: { type: 'event', event: 'delivered', thenDays: 1, cancelAfterDays: 9 },
      },
      { key: 'web' },
    )
    .adjustmentReason('sorry')
    .adjustmentReason('ask', { approvalAbove: 0 })
    .budget('campaign', { points: 5 })
    .rule({ budget: { budgetId: 'campaign', onExceed: 'truncate' } }, { key: 'campaign' });
  const shop = new Shop(config).budget('campaign', [{ points: 5, uses: null, cost: null }]);
  const member = shop.member();
  shop.does(shop.purchase(member, { channel: 'pos' }));
  shop.does(shop.redeem(member, { rewardId: 'mug' }));
  const { id: voided } = shop.does(shop.redeem(member, { points: 2, mode: 'authorise' }));
  shop.does(shop.void(voided));
  const { id: held } = shop.does(shop.redeem(member, { points: 2, mode: 'authorise' }));
  const { id: used } = shop.does(shop.redeem(member, { points: 2 }));
  shop.does(shop.extend(held, 1800));
  shop.does(shop.purchase(member, { redemptionIds: [held, used] }));
  shop.does(shop.reverse(used, 1));
  shop.does(undoes(shop, shop.does(shop.purchase(member)).id as string));
  const { id: returned } = shop.does(shop.purchase(member));
  shop.does(shop.redeem(member, { points: shop.ledger(member).available - 1 }));
  shop.does(shop.returns(returned));
  // The first fills the debt, the second's points live until they expire.
  for (let receipt = 1; receipt <= 2; receipt += 1) shop.does(shop.purchase(member));
  const kept = shop.purchase(member);
  const claimed = { ...(kept.body as object), unmatchedId: 'unm_01h455vb4pex5vsknk084sn02q' };
  shop.does(shop.command('purchase.claim', kept.target, claimed, { natural: kept.natural }));
  shop.does(shop.redeem(member, { points: 1, mode: 'authorise' }));
  shop.does(cancellation(shop, shop.does(activity(shop, member, 'check-in')).id));
  shop.does(unregisters(shop, 'spring', shop.does(registers(shop, member, 'spring')).id));
  adjustmentsHappen(shop, member);
  shop.at('2026-06-10T12:00:00+02:00').does(shop.applyDue(member));
  const account = { kind: 'account', id: member.accountId } as const;
  shop.does(shop.purchase(member, { occurredAt: Date.parse('2026-06-10T12:00:00+02:00') }));
  shop.at('2026-06-11T00:00:00+02:00').does(shop.command('account.announce', account, {}, {}));
  return { shop, member };
}

/** Points are ordered and delivered or not, given, taken and extended by hand. */
function adjustmentsHappen(shop: Shop, member: Person): void {
  const lines = [purchaseLine({ category: 'web' })];
  shop.does(shop.purchase(member, { lines }));
  const { id } = shop.does(shop.purchase(member, { lines }));
  shop.does(
    shop.command(
      'purchase.event',
      { kind: 'purchase', id: id as string },
      { purchaseId: id, type: 'delivered', occurredAt: null },
      {},
    ),
  );
  const given = shop.does(order(member, shop, { points: 9 }));
  const taken = shop.does(order(member, shop, { kind: 'debit', points: 1 }));
  const corrects = { kind: 'debit', debitKind: 'correction', correctsId: given['id'] } as const;
  shop.does(order(member, shop, { ...corrects, points: 1 }));
  shop.does(order(member, shop, { kind: 'debitReversal', correctsId: taken['id'] }));
  const { lotId } = given['lots'][0] as { lotId: `lot_${string}` };
  const expiresAt = Date.parse('2027-01-01T00:00:00+01:00');
  shop.does(order(member, shop, { kind: 'extension', lotId, expiresAt }));
  const { id: asked } = shop.does(order(member, shop, { points: 1, reason: 'ask' }));
  shop.does(decision(shop, 'reject', asked as string));
}

/** A credit that is sent to another member is taken back from there. */
function creditGoesAstray(shop: Shop, from: Person, to: Person): void {
  const given = shop.does(order(from, shop, { points: 3 }));
  shop.does(sends(shop, from, to, 3));
  const places = [{ accountId: to.accountId, points: 3, gone: 0 }];
  const correctsId = given['id'] as AdjustmentId;
  const namedLots = given['lots'].map(({ lotId }: LotPoints) => lotId);
  const undo = { kind: 'creditReversal', correctsId, named: namedLots } as const;
  const { id: adjustmentId } = shop.does(order(from, shop, { ...undo, places }));
  const counterparty = { kind: 'adjustment', id: adjustmentId as string } as const;
  const there = { kind: 'account', id: to.accountId } as const;
  const body = { adjustmentId, correctsId, namedLots };
  shop.does(shop.command('adjustment.takeElsewhere', there, body, { counterparty }));
}

/** Points and members change accounts. */
function accountsMeet(): readonly PublicEvent[] {
  const transfers = { expiry: 'keep', minimumPoints: 1, maximumPoints: null } as const;
  const shop = new Shop(
    new ConfigurationBuilder().policy({ transfers }).accounting().rule().tiers().adjustmentReason('sorry'),
  );
  const [head, adult, debtor] = [shop.member(), shop.member(), shop.member()];
  shop.does(shop.purchase(head));
  shop.does(sends(shop, head, adult, 4));
  creditGoesAstray(shop, debtor, adult);
  const { id: purchase } = shop.does(shop.purchase(debtor));
  shop.does(shop.redeem(debtor, { points: 10 }));
  shop.does(shop.returns(purchase));
  const { id, accountId } = shop.does(opensHousehold(shop, head));
  for (const member of [adult, debtor]) shop.does(joins(shop, member, id));
  shop.does(changesRole(shop, adult, id, 'head'));
  shop.does(merges(shop, adult, debtor));
  shop.does(leaves(shop, head, id));
  shop.does(closes(shop, head));
  return [head, adult, debtor, { ...head, accountId }].flatMap((member) => shop.events(member));
}

/** A membership is closed, and its points are kept for a day. */
function graceEnds(): readonly PublicEvent[] {
  const policy = { closing: { graceDays: 1 } };
  const shop = new Shop(new ConfigurationBuilder().policy(policy).accounting().rule());
  const member = shop.member();
  shop.does(shop.purchase(member));
  shop.does(closes(shop, member));
  shop.pass(3 * 86_400_000).does(shop.applyDue(member));
  return shop.events(member);
}

describe('published events', () => {
  const { shop, member } = everythingHappens();
  const events = shop.events(member);
  const ofOthers = [...accountsMeet(), ...graceEnds()];
  const published = [...shop.rules.publicEvents.values()].flat();

  it.each(published.map(({ type, version }) => `${type} v${version}`))('include %s', (name) => {
    expect([...events, ...ofOthers].map(({ type, version }) => `${type} v${version}`)).toContain(name);
  });

  it('say what their schema says', () => {
    for (const { type, version, data } of [...events, ...ofOthers]) {
      const validate = validators.get(`${type} v${version}`) as ValidateFunction;
      // As listeners receive it.
      validate(JSON.parse(JSON.stringify(data)));
      expect({ type, errors: validate.errors }).toEqual({ type, errors: null });
    }
  });

  it('are numbered without a gap and have ids of their own', () => {
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(events.every(({ id }) => isId('evt', id))).toBe(true);
  });

  it('belong to their account, member and programme', () => {
    for (const event of events)
      expect(event).toMatchObject({ ...member, programmeId: 'prg_00000000000000000000000001' });
  });

  it('carry when it happened and when we learnt of it', () => {
    const lapsed = events.find(
      ({ data }) => (data['redemption'] as { voidReason?: string })?.voidReason === 'holdExpired',
    );
    expect(lapsed).toMatchObject({
      occurredAt: '2026-03-10T11:15:00.000Z',
      recordedAt: '2026-06-10T10:00:00.000Z',
    });
  });

  it('come in the order in which things were decided', () => {
    expect(events.slice(0, 7).map(({ type }) => type)).toEqual([
      'purchase.recorded',
      'budget.warning',
      'budget.spent',
      'status.counted',
      'tier.changed',
      'points.granted',
      'redemption.captured',
    ]);
  });
});

describe('the catalogue of events', () => {
  it('names each version of each event once', () => {
    const names = eventCatalogue.schemas.map(({ type, version }) => `${type} v${version}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has a schema for every event that a decision publishes', () => {
    for (const { type, version } of [...new Shop().rules.publicEvents.values()].flat()) {
      expect([...validators.keys()]).toContain(`${type} v${version}`);
    }
  });

  it('refuses a field that is missing and one that is new', () => {
    const validate = validators.get('points.expired v1') as ValidateFunction;
    expect(validate({ points: 1, lots: [] })).toBe(true);
    expect(validate({ points: 1 })).toBe(false);
    expect(validate({ points: 1, lots: [], more: 1 })).toBe(false);
  });
});
