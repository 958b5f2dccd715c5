import type { Destination, Source } from './lot.js';
import { EVENT_CODES, type EventCode } from './movement.js';

type Step = `${Source}>${Destination}`;

/** The moves an event code may stand for, and the signs its money may have beside nothing. */
const BY_CODE: Readonly<
  Record<EventCode, { readonly steps: readonly Step[]; readonly money: readonly (1 | -1)[] }>
> = {
  E01: {
    steps: ['issued>available', 'issued>pending', 'undelivered>pending', 'undelivered>available'],
    money: [1],
  },
  E02: {
    steps: ['issued>available', 'issued>pending', 'undelivered>pending', 'undelivered>available'],
    money: [],
  },
  E03: { steps: ['issued>available', 'issued>pending'], money: [1] },
  E06: { steps: ['available>redeemed', 'held>redeemed'], money: [-1] },
  E12: { steps: ['redeemed>available'], money: [1] },
  E15: { steps: ['available>expired', 'available>cancelled', 'pending>cancelled'], money: [-1] },
  E17: {
    steps: ['available>returned', 'pending>returned', 'pending>cancelled', 'available>settled'],
    money: [-1],
  },
  E24: {
    steps: ['available>returned', 'pending>returned', 'cancelled>available'],
    money: [1, -1],
  },
  E26: { steps: ['issued>available'], money: [1] },
  E19: {
    steps: ['available>moved', 'pending>moved', 'issued>available', 'issued>pending'],
    money: [1, -1],
  },
};

/** Moves that post nothing: the points stay owed, were never owed, or are owed again by the member. */
const WITHOUT_CODE: readonly Step[] = [
  'issued>undelivered',
  'undelivered>returned',
  'undelivered>cancelled',
  'undelivered>moved',
  'pending>available',
  'available>held',
  'held>available',
  'settled>returned',
  'none>debt',
  'debt>none',
  // A movement that changes no more than the lot's expiry.
  'available>available',
  'pending>pending',
  'held>held',
];

/** Whether an event code (null: nothing posted) can stand for a move between these buckets. */
export function eventCodeFits(eventCode: string | null, from: string, to: string): boolean {
  const step = `${from}>${to}` as Step;
  if (eventCode === null) return WITHOUT_CODE.includes(step);
  return isEventCode(eventCode) && BY_CODE[eventCode].steps.includes(step);
}

/** Whether money of this sign can be posted by the code; any code may post nothing. */
export function moneyFits(eventCode: string | null, liability: bigint): boolean {
  if (liability === 0n) return true;
  if (eventCode === null || !isEventCode(eventCode)) return false;
  return BY_CODE[eventCode].money.includes(liability > 0n ? 1 : -1);
}

function isEventCode(code: string): code is EventCode {
  return (EVENT_CODES as readonly string[]).includes(code);
}
