import { ladder, standing, tierChange } from '../../../test/builders/tiers.js';
import { numberedId } from '../../../test/builders/ids.js';
import { stepDownAfterReturn, type TakenOff } from './return-reevaluation.js';

const ZONE = 'Europe/Warsaw';
const NOW = Date.parse('2026-03-20T12:00:00+01:00');
const ORDER = numberedId('pur', 7);

/** What a return took off a day, of the receipt that promoted unless told otherwise. */
const taken = (day: string, spendMinor: number, overrides: Partial<TakenOff> = {}): TakenOff => ({
  purchaseId: ORDER,
  day,
  spendMinor,
  points: 0,
  ...overrides,
});
/** A promotion at noon of a day. */
const promoted = (from: string, to: string, day: string, purchaseId: string = ORDER) =>
  tierChange(to, `${day}T12:00:00+01:00`, { from, purchaseId });
/** The tier that is left, or null where everything stands; the days are those after the return. */
function left(
  days: Readonly<Record<string, number>>,
  changes: readonly ReturnType<typeof tierChange>[],
  back: TakenOff,
  set = ladder(),
): string | null {
  const step = stepDownAfterReturn(standing(days, changes), set, back, NOW, ZONE);
  return step && `${step.from.key} > ${step.to.key}`;
}

describe('after a return', () => {
  it('a promotion that only this receipt caused is taken back', () => {
    const changes = [promoted('basic', 'silver', '2026-03-10')];
    expect(left({ '2026-03-10': 0 }, changes, taken('2026-03-10', 120))).toBe('silver > basic');
    expect(left({ '2026-03-10': 99 }, changes, taken('2026-03-10', 21))).toBe('silver > basic');
  });

  it('a promotion that the rest justifies stands', () => {
    const changes = [promoted('basic', 'silver', '2026-03-10')];
    expect(left({ '2026-03-10': 100 }, changes, taken('2026-03-10', 20))).toBeNull();
    expect(left({ '2026-03-10': 0, '2026-03-15': 100 }, changes, taken('2026-03-10', 120))).toBeNull();
  });

  it('as much of a promotion stands as the rest justifies', () => {
    const changes = [promoted('basic', 'platinum', '2026-03-10')];
    expect(left({ '2026-03-10': 600 }, changes, taken('2026-03-10', 500))).toBe('platinum > gold');
  });

  it('the tier before the promotion stands where it is older than the receipt', () => {
    const changes = [
      promoted('basic', 'silver', '2026-02-01', numberedId('pur', 1)),
      promoted('silver', 'gold', '2026-03-10'),
    ];
    expect(left({ '2026-02-01': 0, '2026-03-10': 0 }, changes, taken('2026-03-10', 600))).toBe(
      'gold > silver',
    );
  });

  it('the promotion before goes, too, where the receipt had caused that as well', () => {
    const other = numberedId('pur', 8);
    const changes = [
      promoted('basic', 'silver', '2026-03-10'),
      promoted('silver', 'gold', '2026-03-12', other),
    ];
    const days = { '2026-03-10': 0, '2026-03-12': 60 };
    expect(left(days, changes, taken('2026-03-10', 450))).toBe('gold > basic');
    expect(left({ ...days, '2026-03-12': 160 }, changes, taken('2026-03-10', 450))).toBe('gold > silver');
  });

  it('what an earlier return left of a promotion is looked at like a promotion', () => {
    const stepDown = tierChange('silver', '2026-03-11T12:00:00+01:00', {
      from: 'gold',
      purchaseId: ORDER,
      returnId: numberedId('ret', 1),
    });
    const changes = [promoted('basic', 'gold', '2026-03-10'), stepDown];
    expect(left({ '2026-03-10': 100 }, changes, taken('2026-03-10', 200))).toBeNull();
    expect(left({ '2026-03-10': 99 }, changes, taken('2026-03-10', 1))).toBe('silver > basic');
  });

  it('a promotion that the measure never justified without the receipt is not its return to end', () => {
    const changes = [promoted('basic', 'silver', '2026-03-10', numberedId('pur', 1))];
    // The ladder was lower then; with what comes back or without it, today's asks for more.
    expect(left({ '2026-03-10': 50 }, changes, taken('2026-03-10', 20))).toBeNull();
  });

  it('a late receipt that promoted by the window of its own day is judged by that window', () => {
    const window = { type: 'rolling', days: 1 } as const;
    const changes = [promoted('basic', 'silver', '2026-03-15')];
    expect(left({ '2026-03-10': 40 }, changes, taken('2026-03-10', 60), ladder({ window }))).toBe(
      'silver > basic',
    );
  });

  it('points count where the ladder counts points', () => {
    const changes = [promoted('basic', 'silver', '2026-03-10')];
    const back = taken('2026-03-10', 5000, { points: 120 });
    expect(left({ '2026-03-10': 0 }, changes, back, ladder({ measure: 'points' }))).toBe('silver > basic');
  });

  it('nobody falls below the first tier, and the fall begins with the return', () => {
    expect(left({ '2026-03-10': 0 }, [], taken('2026-03-10', 50))).toBeNull();
    const changes = [promoted('basic', 'silver', '2026-03-10')];
    const state = standing({ '2026-03-10': 0 }, changes);
    const step = stepDownAfterReturn(state, ladder(), taken('2026-03-10', 120), NOW, ZONE);
    expect(step?.since).toBe(NOW);
    const early = stepDownAfterReturn(state, ladder(), taken('2026-03-10', 120), NOW - 30 * 86_400_000, ZONE);
    expect(early?.since).toBe(changes[0]?.since);
  });
});
