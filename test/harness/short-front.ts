import { rules } from '../../src/composition.js';
import type { FrontStep } from '../../src/platform/pipeline/contract/slice.js';
import { registered, type Rules } from '../../src/platform/pipeline/index.js';

/**
 * The engine's rules, with so few lots at hand for whoever spends that decisions meet the end of them all the time and
 * are made again on more: what they come to must be the same.
 */
export function rulesWithFrontOf(limits: Readonly<Record<FrontStep, number>>): Rules {
  const slices = rules.slices.map((slice) => {
    const front = slice.scope === 'account' ? slice.details?.front : undefined;
    if (slice.scope !== 'account' || !slice.details || !front) return slice;
    const { details } = slice;
    return registered({ ...slice, details: { ...details, front: { ...front, limits } } });
  });
  return { ...rules, slices };
}
