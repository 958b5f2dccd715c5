/** What becomes of the lots of a history. */
export interface Lifecycle {
  /** When the lots are earned, evenly in between, in days before now. */
  readonly fromDaysAgo: number;
  readonly toDaysAgo: number;
  /** How many of 1,024 lots have points used, within eleven months, where that is over by now. */
  readonly usedOf1024: number;
  /** How many of 1,024 of those have all of their points used. */
  readonly wholeOf1024: number;
  /** Whether the expiry of what is left after a year is written down. */
  readonly expired: boolean;
}

/**
 * - `mixed`: three years of receipts, as an installation has them: most lots used or expired, the last year's open.
 *   There are almost exactly two movements for each lot.
 * - `open`: nothing was used and nothing ends soon; one movement a lot.
 * - `closed`: everything was used or has expired; two movements a lot.
 * - `due`: lots whose last instant has passed and that no command applied yet; one movement a lot.
 */
export const LIFECYCLES = {
  mixed: { fromDaysAgo: 3 * 365, toDaysAgo: 1, usedOf1024: 461, wholeOf1024: 154, expired: true },
  open: { fromDaysAgo: 330, toDaysAgo: 1, usedOf1024: 0, wholeOf1024: 0, expired: false },
  closed: { fromDaysAgo: 3 * 365, toDaysAgo: 400, usedOf1024: 512, wholeOf1024: 1024, expired: true },
  due: { fromDaysAgo: 380, toDaysAgo: 370, usedOf1024: 0, wholeOf1024: 0, expired: false },
} as const satisfies Record<string, Lifecycle>;

export type LifecycleName = keyof typeof LIFECYCLES;
