/** Business days of a window. */
export const MAX_DAYS = 400;
/** Receipts of a window, and members with any. */
export const MAX_RECEIPTS = 1_000_000;
/** Receipts of one member in a window; members with more are left out and counted. */
export const MAX_RECEIPTS_OF_MEMBER = 5_000;
/** Drafts of one simulation. */
export const MAX_DRAFTS = 50;
/** Members shown on either side, and receipts that differ from what really happened. */
export const MAX_EXAMPLES = 10;
/** Bytes of a result as JSON. */
export const MAX_RESULT_BYTES = 4_000_000;
/** Days for which a simulation is kept after it ended. */
export const KEPT_DAYS = 30;
/** Simulations of a programme that are kept; the oldest goes first. */
export const MAX_KEPT = 100;
/** How often a simulation is begun anew after its process ended. */
export const MAX_ATTEMPTS = 3;
