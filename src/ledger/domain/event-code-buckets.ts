import type { Bucket } from './lot.js';
import type { EventCode } from './movement.js';

type Step = `${Bucket}>${Bucket}`;

/** The moves an event code may stand for, and the sign of its money: deferred (+1), released (-1) or none (0). */
const BY_CODE: Readonly<Record<EventCode, { readonly steps: readonly Step[]; readonly money: 1 | -1 | 0 }>> =
  {
    E01: { steps: ['issued>available'], money: 1 },
    E02: { steps: ['issued>available'], money: 0 },
    E06: { steps: ['available>redeemed', 'held>redeemed'], money: -1 },
    E15: { steps: ['available>expired'], money: -1 },
  };

/** Moves that post nothing: the points stay owed. */
const WITHOUT_CODE: readonly Step[] = ['available>held', 'held>available'];

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
  return BY_CODE[eventCode].money === (liability > 0n ? 1 : -1);
}

function isEventCode(code: string): code is EventCode {
  return Object.hasOwn(BY_CODE, code);
}
