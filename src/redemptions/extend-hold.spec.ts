import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { Shop } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';

const DAY = 86_400;

/** 100 points that live through the next day, put on hold for a quarter of an hour at noon on 10 March. */
function onHold() {
  const shop = new Shop(
    ConfigurationBuilder.shop().policy({ expiry: { type: 'days', days: 1 } }, { version: 2 }),
  );
  const member = shop.member();
  shop.does(shop.purchase(member, { lines: purchaseLines({ amountMinor: 100_000 }) }));
  const { id } = shop.does(shop.redeem(member, { points: 100, mode: 'authorise' }));
  return { shop, member, id: id as string };
}

describe('a hold that is extended', () => {
  it('lasts so long from now', () => {
    const { shop, member, id } = onHold();
    shop.at('2026-03-10T12:10:00+01:00');
    expect(shop.does(shop.extend(id, 1800))).toMatchObject({
      status: 'authorised',
      expiresAt: '2026-03-10T11:40:00.000Z',
      balance: { held: 100 },
    });
    shop.at('2026-03-10T12:39:59+01:00').does(shop.applyDue(member));
    expect(shop.ledger(member).held).toBe(100);
    shop.at('2026-03-10T12:40:00+01:00').does(shop.applyDue(member));
    expect(shop.ledger(member)).toMatchObject({ held: 0, available: 100 });
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('is not shortened', () => {
    const { shop, member, id } = onHold();
    const before = shop.events(member).length;
    expect(shop.does(shop.extend(id, 60)).expiresAt).toBe('2026-03-10T11:15:00.000Z');
    expect(shop.events(member)).toHaveLength(before);
  });

  it('ends 30 days after it was made', () => {
    const { shop, id } = onHold();
    expect(shop.does(shop.extend(id, 30 * DAY)).expiresAt).toBe('2026-04-09T11:00:00.000Z');
    shop.at('2026-03-20T12:00:00+01:00');
    expect(shop.refuses(shop.extend(id, 20 * DAY + 1))).toMatchObject({
      code: 'HOLD_TOO_LONG',
      meta: { latest: '2026-04-09T11:00:00.000Z' },
    });
    expect(shop.does(shop.extend(id, 20 * DAY)).status).toBe('authorised');
  });

  it('says so to whoever listens', () => {
    const { shop, member, id } = onHold();
    shop.does(shop.extend(id, 1800));
    expect(shop.events(member).at(-1)).toMatchObject({
      type: 'redemption.extended',
      version: 1,
      data: { redemption: { id, status: 'authorised', expiresAt: '2026-03-10T11:30:00.000Z' } },
    });
  });

  it('must be there still', () => {
    const { shop, id } = onHold();
    shop.at('2026-03-10T12:15:00+01:00');
    expect(shop.refuses(shop.extend(id, 60)).code).toBe('HOLD_EXPIRED');
    const voided = onHold();
    voided.shop.does(voided.shop.void(voided.id));
    expect(voided.shop.refuses(voided.shop.extend(voided.id, 60)).code).toBe('REDEMPTION_NOT_AUTHORISED');
    const captured = onHold();
    captured.shop.does(captured.shop.capture(captured.id));
    expect(captured.shop.refuses(captured.shop.extend(captured.id, 60))).toMatchObject({
      code: 'REDEMPTION_NOT_AUTHORISED',
      meta: { status: 'captured' },
    });
  });
});

describe('points that end at 23:59', () => {
  it('held at 23:00 are captured at 00:30', () => {
    const { shop, member, id } = onHold();
    shop.does(shop.void(id));
    shop.at('2026-03-11T23:00:00+01:00');
    const hold = shop.does(shop.redeem(member, { points: 100, mode: 'authorise', holdSeconds: 2 * 3600 }));
    shop.at('2026-03-12T00:30:00+01:00');
    expect(shop.does(shop.capture(hold.id))).toMatchObject({ status: 'captured', points: 100 });
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('are kept by a hold that is extended over it', () => {
    const { shop, member, id } = onHold();
    shop.does(shop.extend(id, 2 * DAY));
    shop.at('2026-03-12T11:59:00+01:00');
    expect(shop.does(shop.capture(id)).status).toBe('captured');
    expect(shop.ledger(member)).toMatchObject({ available: 0, held: 0, lifetimeRedeemed: 100 });
  });

  it('not held are gone at 00:30: POINTS_EXPIRED', () => {
    const { shop, member, id } = onHold();
    shop.does(shop.void(id));
    shop.at('2026-03-12T00:30:00+01:00');
    expect(shop.refuses(shop.redeem(member, { points: 100 })).code).toBe('POINTS_EXPIRED');
  });
});
