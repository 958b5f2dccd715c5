import { Shop, type Answer, type Person } from '../../test/builders/shop.js';
import type { RedemptionId } from '../kernel/ids.js';
import { purchaseLines } from '../../test/builders/purchase.js';

const neverMade: RedemptionId = 'rdm_01h455vb4pex5vsknk084sn02q';

const hold = (shop: Shop, member: Person) =>
  shop.does(shop.redeem(member, { points: 10, mode: 'authorise' }));

describe('a receipt that names a redemption which it cannot use', () => {
  it.each<[string, (shop: Shop, member: Person) => string, string, (id: string) => string]>([
    [
      'was never made',
      () => neverMade,
      'REDEMPTION_NOT_FOUND',
      (id) => `The member has no redemption ${id}.`,
    ],
    [
      'belongs to another receipt',
      (shop, member) => {
        const { id } = hold(shop, member);
        shop.does(shop.purchase(member, { redemptionIds: [id] }));
        return id as string;
      },
      'REDEMPTION_ALREADY_USED',
      (id) => `${id} belongs to another receipt.`,
    ],
    [
      'has lapsed',
      (shop, member) => {
        const { id } = hold(shop, member);
        shop.pass(901_000);
        return id as string;
      },
      'HOLD_EXPIRED',
      (id) => `The hold of ${id} has lapsed.`,
    ],
    [
      'was called off',
      (shop, member) => {
        const { id } = hold(shop, member);
        shop.does(shop.void(id));
        return id as string;
      },
      'REDEMPTION_NOT_AUTHORISED',
      (id) => `${id} was voided.`,
    ],
    [
      'was reversed',
      (shop, member) => {
        const { id }: Answer = shop.does(shop.redeem(member, { points: 10 }));
        shop.does(shop.reverse(id));
        return id as string;
      },
      'REDEMPTION_NOT_AUTHORISED',
      (id) => `${id} was reversed.`,
    ],
  ])('is refused, for it %s', (_, redemptionOf, code, detailOf) => {
    const shop = new Shop();
    const member = shop.member();
    shop.does(shop.purchase(member, { lines: purchaseLines({ amountMinor: 100_000 }) }));
    const id = redemptionOf(shop, member) as RedemptionId;
    const detail = detailOf(id);
    expect(shop.refuses(shop.purchase(member, { redemptionIds: [id] }))).toMatchObject({
      ...{ code, detail },
      errors: [{ pointer: '/redemptionIds/0', code, detail }],
    });
  });
});
