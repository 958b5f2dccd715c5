import { emptyLedger } from '../../test/builders/ledger.js';
import { balanceOf } from './balance-view.js';

describe('a balance', () => {
  it('adds what is available, pending and on hold up to the total; a debt is beside it', () => {
    const figures = emptyLedger({
      available: 70,
      pending: 5,
      held: 30,
      debt: 8,
      lifetimeEarned: 200,
      lifetimeRedeemed: 95,
    });
    expect(balanceOf(figures)).toEqual({
      available: 70,
      pending: 5,
      held: 30,
      debt: 8,
      total: 105,
      lifetimeEarned: 200,
      lifetimeRedeemed: 95,
      expiring: [],
    });
  });

  it('shows the next three expiries, as instants', () => {
    const days = ['2026-04-01', '2026-05-01', '2026-06-01', '2026-07-01'].map(
      (day) => `${day}T00:00:00.000Z`,
    );
    const expiring = days.map((day, index) => ({ expiresAt: Date.parse(day), points: index + 1 }));
    expect(balanceOf(emptyLedger({ fixedExpiring: expiring })).expiring).toEqual([
      { expiresAt: days[0], points: 1 },
      { expiresAt: days[1], points: 2 },
      { expiresAt: days[2], points: 3 },
    ]);
  });
});
