import { debtChanges, openSince } from './debt-history.js';

const changes = (...list: readonly (readonly [number, number])[]) =>
  list.map(([at, points]) => ({ at, points }));

describe('how much of a debt was open at an instant and has been since', () => {
  it('is all of one that is older, nothing of one that is younger', () => {
    expect(openSince(100, changes([10, 100]), 11)).toBe(100);
    expect(openSince(100, changes([10, 100]), 10)).toBe(0);
    expect(openSince(0, [], 10)).toBe(0);
  });

  it('is the least that was ever open since', () => {
    const history = changes([10, 100], [20, -80], [30, 60]);
    expect(openSince(80, history, 15)).toBe(20);
    expect(openSince(80, history, 21)).toBe(20);
    expect(openSince(80, history, 31)).toBe(80);
    expect(openSince(80, history, 5)).toBe(0);
  });

  it('goes by when it happened, whenever it was recorded', () => {
    expect(openSince(50, changes([30, 100], [10, 50], [30, -100]), 20)).toBe(50);
    expect(openSince(50, changes([30, 50], [10, 100], [20, -100]), 15)).toBe(0);
  });
});

describe('changes of a debt', () => {
  it('are what makes it, what opens it again, and what fills it or takes it along', () => {
    const movement = (
      from: 'none' | 'settled' | 'available' | 'debt',
      to: 'debt' | 'returned' | 'settled' | 'none',
    ) => ({
      ...{ from, to, points: 5, occurredAt: 7 },
    });
    const moved = [
      movement('none', 'debt'),
      movement('settled', 'returned'),
      movement('available', 'settled'),
      movement('debt', 'none'),
      movement('available', 'returned'),
    ];
    expect(debtChanges(moved)).toEqual(changes([7, 5], [7, 5], [7, -5], [7, -5]));
  });
});
