import { definition } from '../../../composition.js';
import { NeedsMoreRows, type Wanted } from '../../../kernel/needs-more-rows.js';
import { Shop } from '../../../../test/builders/shop.js';
import type { CommandHandler } from '../contract/command.js';

describe('decisions', () => {
  /** A shop in which a redemption meets the end of what was loaded. */
  function shopInWant(wants: Wanted = 'more'): Shop {
    const met: CommandHandler = {
      ...(definition.handlers.get('redemption.redeem') as CommandHandler),
      decide: (_, work) => {
        work.emit({ type: 'debt.incurred', data: { cause: { type: 'return', id: 'ret_1' }, points: 1 } });
        throw new NeedsMoreRows(work.accountId, 'a lot', wants);
      },
    };
    return new Shop(undefined, { ...definition, handlers: new Map(definition.handlers).set(met.type, met) });
  }

  it('that meet the end of what was loaded wait for everything, and those behind them wait their turn', () => {
    const shop = shopInWant();
    const [member, other] = [shop.member(), shop.member()];
    const before = shop.snapshot(member);
    const { deferred, lacking } = shop.decide(
      shop.redeem(member, { points: 1 }),
      shop.purchase(other),
      shop.purchase(member),
    );
    expect([[...deferred], [...lacking.keys()]]).toEqual([[0, 2], [0]]);
    expect(shop.snapshot(member)).toEqual(before);
    expect(shop.ledger(other).available).toBe(10);
  });

  it('that ask for more than everything are at fault', () => {
    const shop = shopInWant();
    const command = shop.redeem(shop.member(), { points: 1 });
    expect(() => shop.batch(command)).toThrow(NeedsMoreRows);
  });

  it.each(['standing', 'debts'] as const)('that have every lot still wait for the %s', (wants) => {
    const shop = shopInWant(wants);
    const command = shop.redeem(shop.member(), { points: 1 });
    shop.decide(command);
    // The second time every lot is loaded.
    expect([...shop.decide(command).lacking.values()]).toMatchObject([{ wants }]);
  });
});
