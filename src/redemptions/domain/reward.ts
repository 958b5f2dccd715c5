import type { Points } from '../../kernel/points.js';

/** A published catalogue reward. */
export interface Reward {
  readonly name: string;
  readonly active: boolean;
  /** What it costs, > 0. */
  readonly points: Points;
  /** What the till takes off the basket for it, minor units; 0 for a thing handed over. */
  readonly discountMinor: number;
  /** Whether it is counted: then its stock must be filled, and runs out. */
  readonly stocked: boolean;
}
