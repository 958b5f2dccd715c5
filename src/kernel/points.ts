/**
 * Points are whole numbers carried as `number`, exact up to 2^53 - 1. Sums and differences are exact in that
 * range; products and quotients go through `bigint` in `division.ts`.
 */
export type Points = number;

/** The most points one command may grant or redeem. */
export const MAX_POINTS = 1_000_000_000_000;
