import { numberedId } from '../../../../test/builders/ids.js';
import type { Lack } from '../batch/decided-batch.js';
import { ALL_ROWS, NO_DEMAND, type Demands } from '../batch/load-request.js';
import {
  afterConflict,
  afterError,
  MAX_CONFLICTS,
  MAX_RACES,
  MAX_RECONNECTS,
  MAX_UNAVAILABLE,
  pauseAfter,
  withMore,
} from './retry-policy.js';

const accountId = numberedId('acc', 1);
const NONE = { race: 0, connection: 0, unavailable: 0 };

describe('after an error', () => {
  it.each([
    ['race', 'pause', { race: MAX_RACES - 1 }],
    ['race', 'give-up', { race: MAX_RACES }],
    ['connection', 'reconnect', { connection: MAX_RECONNECTS - 1, race: MAX_RACES }],
    ['connection', 'give-up', { connection: MAX_RECONNECTS }],
    ['unavailable', 'reconnect', { unavailable: MAX_UNAVAILABLE - 1 }],
    ['unavailable', 'give-up', { unavailable: MAX_UNAVAILABLE }],
    ['slow', 'give-up', {}],
    ['other', 'give-up', {}],
  ] as const)('of the kind %s: %s', (kind, next, tries) => {
    expect(afterError(kind, { ...NONE, ...tries })).toBe(next);
  });
});

describe('after a conflict', () => {
  it.each([
    ['forward', true, false, true, 0],
    ['forward', true, false, true, MAX_CONFLICTS],
    ['retry', false, false, true, 0],
    ['retry', true, true, true, 0],
    ['retry', true, false, false, MAX_CONFLICTS - 1],
    ['give-up', true, false, false, MAX_CONFLICTS],
  ] as const)(
    '%s (may leave %s, in order %s, must load %s, conflicts %i)',
    (next, mayForward, inOrder, mustLoad, conflicts) => {
      expect(afterConflict(mayForward, inOrder, mustLoad, conflicts)).toBe(next);
    },
  );

  it('the pause doubles from 2 to 64 milliseconds, by chance', () => {
    expect([1, 2, 5, 6, 7, 50].map((attempt) => pauseAfter(attempt, 1))).toEqual([2, 4, 32, 64, 64, 64]);
    expect(pauseAfter(3, 0.25)).toBe(2);
  });
});

describe('what the next attempt loads', () => {
  const after = (...wants: readonly Lack['wants'][]) =>
    wants.reduce<Demands | null>((demands, want) => withMore(demands, { accountId, wants: want }), null);

  it.each([
    [['more'], { steps: 1 }],
    [['more', 'more'], { steps: 2 }],
    [['everything'], { steps: ALL_ROWS }],
    [['dates'], { dates: true }],
    [['dates', 'dates'], { dates: true, steps: 1 }],
    [['standing'], { standing: true }],
    [['standing', 'standing'], { standing: true, steps: 1 }],
    [['debts'], { debts: true }],
    [['debts', 'debts'], { debts: true, steps: 1 }],
    [['dates', 'standing', 'debts', 'more'], { dates: true, standing: true, debts: true, steps: 1 }],
  ] as const)('after %j', (wants, demand) => {
    expect(after(...wants)?.get(accountId)).toEqual({ ...NO_DEMAND, ...demand });
  });

  it('is counted by account, and earlier demands stay as they were', () => {
    const first = withMore(null, { accountId, wants: 'more' });
    const second = withMore(first, { accountId: numberedId('acc', 2), wants: 'dates' });
    expect([...second.keys()]).toEqual([accountId, numberedId('acc', 2)]);
    expect(second.get(accountId)).toEqual({ ...NO_DEMAND, steps: 1 });
    expect(first.size).toBe(1);
  });
});
