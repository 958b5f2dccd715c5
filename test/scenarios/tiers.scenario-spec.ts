import { Stage } from './stage.js';

const tier = (key: string, threshold: number) => ({ key, name: key, threshold });

/** Of the table "Tiers", the rows that a ladder of one measure without validity can be asked. */
describe('Tiers: Basic 0, Silver 100, Gold 500, Platinum 1000', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  it('monthly window, threshold reached 10 March; start `immediately`: from 10 March', async () => {
    const shop = await stage.shop({
      tiers: {
        measure: 'points',
        window: { type: 'calendar', unit: 'month' },
        tiers: [tier('basic', 0), tier('silver', 100), tier('gold', 500), tier('platinum', 1000)],
      },
    });
    const member = await shop.member();
    stage.clock.set('2026-03-02T12:00:00+01:00');
    await shop.buys(member, 300);
    stage.clock.set('2026-03-10T12:00:00+01:00');
    expect(await shop.standing(member)).toMatchObject({ tier: 'silver', nextTier: 'gold' });
    const { tierChange } = await shop.buys(member, 200);
    expect(tierChange).toMatchObject({ from: 'silver', to: 'gold' });
    expect(await shop.standing(member)).toMatchObject({ tier: 'gold', since: '2026-03-10T11:00:00.000Z' });
  });

  it('keep Gold needs 5,000 spent; 4,000 spent: progress says 1,000 to keep', async () => {
    const shop = await stage.shop({
      tiers: {
        measure: 'spend',
        window: { type: 'calendar', unit: 'year' },
        tiers: [tier('basic', 0), tier('gold', 500_000)],
      },
    });
    const member = await shop.member();
    stage.clock.set('2026-03-10T12:00:00+01:00');
    await shop.buys(member, 5000);
    stage.clock.set('2027-03-10T12:00:00+01:00');
    await shop.buys(member, 4000);
    expect(await shop.standing(member)).toMatchObject({
      tier: 'gold',
      progress: [{ measure: 'spend', value: 400_000, toKeep: 100_000 }],
    });
  });
});
