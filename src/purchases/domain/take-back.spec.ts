import { lotId } from '../../../test/builders/ledger.js';
import { planTakeBack, type LotCounters } from './take-back.js';

const lot = (number: number, counters: Partial<LotCounters> = {}): LotCounters => ({
  lotId: lotId(number),
  undelivered: 0,
  pending: 0,
  available: 0,
  settled: 0,
  expired: 0,
  cancelled: 0,
  ...counters,
});

describe('taking points back', () => {
  it('goes through a lot and what continues it: waiting, usable, then what filled a debt', () => {
    const lots = [lot(1, { available: 20, settled: 10 }), lot(2, { pending: 5, available: 7, settled: 4 })];
    expect(planTakeBack(40, lots, 0, false)).toEqual({
      moves: [
        { lotId: lotId(2), from: 'pending', points: 5 },
        { lotId: lotId(1), from: 'available', points: 20 },
        { lotId: lotId(2), from: 'available', points: 7 },
        { lotId: lotId(1), from: 'settled', points: 8 },
      ],
      gone: 0,
      notTaken: 0,
      short: 0,
    });
  });

  it('finds nothing to take for what expired or was cancelled, each point once', () => {
    const lots = [lot(1, { available: 10, expired: 30, cancelled: 5 })];
    expect(planTakeBack(40, lots, 0, false)).toMatchObject({ gone: 30, short: 0 });
    expect(planTakeBack(40, lots, 30, false)).toMatchObject({ gone: 5, short: 25 });
    expect(planTakeBack(40, lots, 50, false)).toMatchObject({ gone: 0, short: 30 });
  });

  it('leaves what is usable where only waiting points are to be taken', () => {
    const lots = [lot(1, { undelivered: 3, pending: 4, available: 50, expired: 2 })];
    expect(planTakeBack(20, lots, 0, true)).toEqual({
      moves: [
        { lotId: lotId(1), from: 'undelivered', points: 3 },
        { lotId: lotId(1), from: 'pending', points: 4 },
      ],
      gone: 2,
      notTaken: 11,
      short: 0,
    });
  });

  it('is short of all where the lots went to another account', () => {
    expect(planTakeBack(20, [], 0, false)).toEqual({ moves: [], gone: 0, notTaken: 0, short: 20 });
    expect(planTakeBack(0, [lot(1, { available: 5 })], 0, false).moves).toEqual([]);
  });
});
