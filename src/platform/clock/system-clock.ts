import type { Clock } from '../../kernel/time.js';

/** The machine's clock; tests put another one in its place. */
export const systemClock: Clock = { now: () => Date.now() };
