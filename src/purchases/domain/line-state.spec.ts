import { purchaseLine } from '../../../test/builders/purchase.js';
import {
  isBack,
  linesLeft,
  lineState,
  quantityLeft,
  returnAmount,
  returnRest,
  returnUnits,
  shareBack,
  type LineStep,
} from './line-state.js';
import { quantityUnits } from './quantity.js';

const UNIT = quantityUnits('1');
const line = (quantity: string, amountMinor: number, taxMinor = 0) =>
  lineState(purchaseLine({ quantity, amountMinor, taxMinor }), []);
const back = ({ returned: { quantity, amountMinor, taxMinor } }: LineStep) => [
  quantity,
  amountMinor,
  taxMinor,
];
const share = (state: LineStep['after']) => {
  const { numerator, denominator } = shareBack(state);
  return Number((numerator * 1000n) / denominator);
};

describe('a line that comes back by units', () => {
  it('gives each its half-up share of money and tax, and the last one the rest', () => {
    const first = returnUnits(line('3', 1000, 50), UNIT);
    const second = returnUnits(first.after, UNIT);
    const third = returnUnits(second.after, UNIT);
    expect([first, second, third].map(back)).toEqual([
      ['1', 333, 17],
      ['1', 334, 16],
      ['1', 333, 17],
    ]);
    expect([first, second, third].map(({ after }) => isBack(after))).toEqual([false, false, true]);
  });

  it('counts units, not what they come to in whole minor units', () => {
    const first = returnUnits(line('3', 1), UNIT);
    const second = returnUnits(first.after, UNIT);
    expect([back(first), back(second)]).toEqual([
      ['1', 0, 0],
      ['1', 1, 0],
    ]);
    expect([share(first.after), share(second.after)]).toEqual([333, 666]);
    expect(isBack(second.after)).toBe(false);
    expect(back(returnUnits(second.after, UNIT))).toEqual(['1', 0, 0]);
  });

  it('takes parts of a unit', () => {
    const first = returnUnits(line('0.75', 999), quantityUnits('0.25'));
    expect(back(first)).toEqual(['0.25', 333, 0]);
    expect(quantityLeft(first.after)).toBe(quantityUnits('0.5'));
  });
});

describe('a line whose money comes back without goods', () => {
  it('is back with the last of the money', () => {
    const first = returnAmount(line('2', 1000, 50), 400);
    expect(back(first)).toEqual(['0', 400, 20]);
    expect(share(first.after)).toBe(400);
    const rest = returnAmount(first.after, 600);
    expect([back(rest), isBack(rest.after), quantityLeft(rest.after)]).toEqual([['0', 600, 30], true, 0n]);
  });

  it('never gives more than it has, together with goods', () => {
    const { after } = returnAmount(line('2', 1000, 50), 800);
    const unit = returnUnits(after, UNIT);
    expect([back(unit), isBack(unit.after), share(unit.after)]).toEqual([['1', 200, 10], true, 1000]);
  });
});

describe('a line that gave no money, or no goods', () => {
  it('comes back by units', () => {
    const half = returnUnits(line('2', 0), UNIT);
    expect([back(half), share(half.after), isBack(half.after)]).toEqual([['1', 0, 0], 500, false]);
    expect(isBack(returnUnits(half.after, UNIT).after)).toBe(true);
  });

  it('comes back by money where it has no quantity', () => {
    const { after } = returnAmount(line('0', 100), 40);
    expect([share(after), isBack(after)]).toEqual([400, false]);
    expect(back(returnRest(after))).toEqual(['0', 60, 0]);
    expect(isBack(line('0', 0))).toBe(true);
  });
});

describe('a line after returns on record', () => {
  it('is what those returns left, and no other line is mixed in', () => {
    const own = purchaseLine({ lineNo: 2, quantity: '4', amountMinor: 1000, taxMinor: 50 });
    const part = { quantity: '1', amountMinor: 250, taxMinor: 12 };
    const state = lineState(own, [
      { lineNo: 2, ...part },
      { lineNo: 1, ...part },
      { lineNo: 2, quantity: '0', amountMinor: 100, taxMinor: 5 },
    ]);
    expect(state).toMatchObject({ quantityBack: UNIT, amountBack: 350, taxBack: 17, amountOnlyBack: 100 });
    expect(share(state)).toBe(350);
    expect(back(returnRest(state))).toEqual(['3', 650, 33]);
  });
});

describe('what is left of lines', () => {
  it('has the goods, the money and the tax that are not back, and units of a reward in proportion', () => {
    const bought = lineState(
      purchaseLine({ quantity: '4', amountMinor: 1000, taxMinor: 50, rewardedQuantity: '2' }),
      [],
    );
    const whole = linesLeft([bought]);
    expect(whole).toEqual([bought.line]);
    const { after } = returnUnits(bought, UNIT);
    expect(linesLeft([after, returnRest(after).after])).toEqual([
      { ...bought.line, quantity: '3', amountMinor: 750, taxMinor: 37, rewardedQuantity: '1.5' },
    ]);
    expect(linesLeft([returnAmount(bought, 400).after])).toMatchObject([{ quantity: '4', amountMinor: 600 }]);
  });
});
