import { madeAt, type Id } from '../../../kernel/ids.js';
import { ReplayIds } from './replay-ids.js';

const RECEIPT: Id = 'pur_01kdtj6d00e02b7xh12c3w4sg5';

describe('the ids of a replay', () => {
  it('keep that of the receipt once, and are numbered besides, with the time of the replay', () => {
    const made = () => {
      const ids = new ReplayIds();
      ids.begin(1_000, RECEIPT);
      return [ids.next('lot'), ids.next('pur'), ids.next('pur')];
    };
    const [lot, kept, other] = made();
    expect(kept).toBe(RECEIPT);
    expect(madeAt(lot as string)).toBe(1_000);
    expect(other).not.toBe(RECEIPT);
    expect(made()).toEqual([lot, kept, other]);
  });
});
