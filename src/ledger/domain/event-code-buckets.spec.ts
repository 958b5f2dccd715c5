import { eventCodeFits, moneyFits } from './event-code-buckets.js';
import { LOT_BUCKETS } from './lot.js';
import { EVENT_CODES, type EventCode } from './movement.js';

/** Every step points take, under the accounting event it is posted as (docs/accounting.md#entries). */
const STEPS: Readonly<Record<EventCode, readonly string[]>> = {
  E01: ['issued>available', 'issued>pending', 'undelivered>available', 'undelivered>pending'],
  E02: ['issued>available', 'issued>pending', 'undelivered>available', 'undelivered>pending'],
  E03: ['issued>available', 'issued>pending'],
  E06: ['available>redeemed', 'held>redeemed'],
  E12: ['redeemed>available'],
  E15: ['available>cancelled', 'available>expired', 'pending>cancelled'],
  E17: ['available>returned', 'available>settled', 'pending>cancelled', 'pending>returned'],
  E19: ['available>moved', 'issued>available', 'issued>pending', 'pending>moved'],
  E24: ['available>returned', 'cancelled>available', 'pending>returned'],
  E26: ['issued>available'],
};

/** Steps that post nothing. */
const UNPOSTED = [
  'available>available',
  'available>held',
  'debt>none',
  'held>available',
  'held>held',
  'issued>undelivered',
  'none>debt',
  'pending>available',
  'pending>pending',
  'settled>returned',
  'undelivered>cancelled',
  'undelivered>moved',
  'undelivered>returned',
];

const ENDS = [...LOT_BUCKETS, 'issued', 'debt', 'none', 'elsewhere', ''];

/** Of all steps there could be, those that the code may stand for. */
function stepsOf(eventCode: string | null): readonly string[] {
  const all = ENDS.flatMap((from) => ENDS.map((to) => [from, to] as const));
  return all
    .filter(([from, to]) => eventCodeFits(eventCode, from, to))
    .map(([from, to]) => `${from}>${to}`)
    .sort();
}

describe('the steps of an event code', () => {
  it.each(EVENT_CODES)('%s stands for these and no others', (eventCode) => {
    expect(stepsOf(eventCode)).toEqual(STEPS[eventCode]);
  });

  it('are, without a code, those that change nothing of what is owed', () => {
    expect(stepsOf(null)).toEqual(UNPOSTED);
  });

  it('are none for a code that the ledger does not post', () => {
    expect(stepsOf('E99')).toEqual([]);
    expect(stepsOf('')).toEqual([]);
  });
});

describe('the money of an event code', () => {
  it.each<[EventCode, boolean, boolean]>([
    ['E01', true, false],
    ['E02', false, false],
    ['E03', true, false],
    ['E06', false, true],
    ['E12', true, false],
    ['E15', false, true],
    ['E17', false, true],
    ['E19', true, true],
    ['E24', true, true],
    ['E26', true, false],
  ])('%s: may defer %p, may release %p', (eventCode, defers, releases) => {
    expect(moneyFits(eventCode, 1n)).toBe(defers);
    expect(moneyFits(eventCode, -1n)).toBe(releases);
  });

  it.each([...EVENT_CODES, null, 'E99'])('%p may post nothing', (eventCode) => {
    expect(moneyFits(eventCode, 0n)).toBe(true);
  });

  it.each([null, 'E99'])('%p posts no money', (eventCode) => {
    expect(moneyFits(eventCode, 1n)).toBe(false);
    expect(moneyFits(eventCode, -1n)).toBe(false);
  });
});
