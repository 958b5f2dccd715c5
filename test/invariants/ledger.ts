import { carryingAmount } from '../../src/ledger/domain/carrying-amount.js';
import { comingExpiries, EXPIRING_SHOWN, type LedgerState } from '../../src/ledger/domain/ledger-state.js';
import { LOT_BUCKETS, pointsOut } from '../../src/ledger/domain/lot.js';
import { moneyFits } from '../../src/ledger/domain/event-code-buckets.js';
import { GENESIS_HASH, movementHash } from '../../src/ledger/domain/movement.js';

/**
 * What holds of an account after every step (docs/accounting.md#invariants), worked out anew from its movements and
 * lots. Takes an account all of whose movements are loaded, from the first on.
 */
export function expectLedgerToAddUp(state: LedgerState): void {
  expectLotsToHoldTheirPoints(state);
  expectBalancesToBeThoseOfTheLots(state);
  expectMoneyToFollowThePoints(state);
  expectNothingNegative(state.movements);
  expectChainToRecompute(state);
}

function sum<T>(items: Iterable<T>, of: (item: T) => number): number {
  return [...items].reduce((total, item) => total + of(item), 0);
}

function expectLotsToHoldTheirPoints(state: LedgerState): void {
  for (const lot of state.lots.values()) {
    const counters = LOT_BUCKETS.map((bucket) => lot[bucket]);
    expect(Math.min(...counters)).toBeGreaterThanOrEqual(0);
    expect(sum(counters, (points) => points)).toBe(lot.points);
  }
}

function expectBalancesToBeThoseOfTheLots(state: LedgerState): void {
  const lots = [...state.lots.values()];
  const { available, held, pending, debt, lifetimeEarned, lifetimeRedeemed } = state;
  const expiring = comingExpiries(state);
  const coming = new Map<number, number>();
  for (const lot of lots) {
    if (lot.expiresAt === null || lot.available === 0) continue;
    coming.set(lot.expiresAt, (coming.get(lot.expiresAt) ?? 0) + lot.available);
  }
  // Of the coming expiries only as many as are shown are promised.
  const shown = expiring.slice(0, EXPIRING_SHOWN);
  expect({ available, held, pending, debt, lifetimeEarned, lifetimeRedeemed, shown }).toEqual({
    available: sum(lots, (lot) => lot.available),
    held: sum(lots, (lot) => lot.held),
    pending: sum(lots, (lot) => lot.pending + lot.undelivered),
    debt:
      sum(state.movements, ({ to, points }) => (to === 'debt' ? points : 0)) -
      sum(state.movements, ({ from, points }) => (from === 'debt' ? points : 0)) -
      sum(lots, (lot) => lot.settled),
    lifetimeEarned: sum(lots, (lot) => (lot.parentLotId === null ? lot.points : 0)),
    lifetimeRedeemed: sum(lots, (lot) => lot.redeemed),
    shown: [...coming]
      .sort(([a], [b]) => a - b)
      .slice(0, EXPIRING_SHOWN)
      .map(([expiresAt, points]) => ({ expiresAt, points })),
  });
}

function expectMoneyToFollowThePoints(state: LedgerState): void {
  for (const lot of state.lots.values()) {
    const posted = state.movements
      .filter(({ lotId }) => lotId === lot.lotId)
      .reduce((total, { liability }) => total + liability, 0n);
    expect(posted).toBe(carryingAmount(lot, pointsOut(lot)));
    if (lot.available + lot.held + lot.pending === 0) expect(posted).toBe(0n);
  }
  for (const { eventCode, liability } of state.movements) {
    expect(moneyFits(eventCode, liability)).toBe(true);
  }
}

/** By which a figure can be asked as of some time. */
const CLOCKS = ['occurredAt', 'recordedAt', 'postingDate'] as const;

/**
 * Whatever instant or day is asked for, by whichever clock: no lot has less than nothing in a bucket, none carries
 * less than nothing, and no account's debt is below 0.
 */
export function expectNothingNegative(movements: LedgerState['movements']): void {
  for (const clock of CLOCKS) {
    const inOrder = [...movements].sort((a, b) => (a[clock] < b[clock] ? -1 : Number(a[clock] > b[clock])));
    const figures = new Map<string, bigint>();
    const move = (name: string, amount: bigint) => figures.set(name, (figures.get(name) ?? 0n) + amount);
    for (const [index, { accountId, lotId, from, to, points, liability, ...movement }] of inOrder.entries()) {
      const debt = debtChange(from, to, points);
      if (debt !== 0) move(`debt of ${accountId}`, BigInt(debt));
      if (lotId !== null) {
        if (from !== 'issued') move(`${from} of ${lotId}`, -BigInt(points));
        move(`${to} of ${lotId}`, BigInt(points));
        move(`liability of ${lotId}`, liability);
      }
      // What is of one instant counts together.
      const next = inOrder[index + 1];
      if (next && next[clock] === movement[clock as keyof typeof movement]) continue;
      const negative = [...figures].filter(([, amount]) => amount < 0n);
      expect({ clock, at: inOrder[index]?.[clock], negative }).toMatchObject({ negative: [] });
    }
  }
}

function debtChange(from: string, to: string, points: number): number {
  if (to === 'debt' || from === 'settled') return points;
  return from === 'debt' || to === 'settled' ? -points : 0;
}

function expectChainToRecompute(state: LedgerState): void {
  let head = GENESIS_HASH;
  for (const [index, { hash, ...movement }] of state.movements.entries()) {
    expect(movement.sequence).toBe(index + 1);
    head = movementHash(head, movement);
    expect(hash).toBe(head);
  }
  expect(state.headHash).toBe(head);
  expect(state.movementSequence).toBe(state.movements.length);
}
