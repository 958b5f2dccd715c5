import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { Shop, type Person } from '../../test/builders/shop.js';
import { eventCatalogue } from '../composition.js';
import { isId } from '../kernel/ids.js';
import { parseInstant } from '../kernel/time.js';

const ajv = new Ajv2020({ strict: true, allErrors: true });
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
    .tiers()
    .reward('mug');
  const shop = new Shop(config);
  const member = shop.member();
  shop.does(shop.purchase(member, { channel: 'pos' }));
  shop.does(shop.redeem(member, { rewardId: 'mug' }));
  const { id: voided } = shop.does(shop.redeem(member, { points: 2, mode: 'authorise' }));
  shop.does(shop.void(voided));
  const { id: held } = shop.does(shop.redeem(member, { points: 2, mode: 'authorise' }));
  const { id: used } = shop.does(shop.redeem(member, { points: 2 }));
  shop.does(shop.purchase(member, { redemptionIds: [held, used] }));
  shop.does(shop.redeem(member, { points: 1, mode: 'authorise' }));
  shop.at('2026-06-10T12:00:00+02:00').does(shop.settle(member));
  return { shop, member };
}

describe('published events', () => {
  const { shop, member } = everythingHappens();
  const events = shop.events(member);
  const published = [...shop.rules.publicEvents.values()].flat();

  it.each(published.map(({ type, version }) => `${type} v${version}`))('include %s', (name) => {
    expect(events.map(({ type, version }) => `${type} v${version}`)).toContain(name);
  });

  it('say what their schema says', () => {
    for (const { type, version, data } of events) {
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
    expect(events.slice(0, 4).map(({ type }) => type)).toEqual([
      'purchase.recorded',
      'points.granted',
      'tier.changed',
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
