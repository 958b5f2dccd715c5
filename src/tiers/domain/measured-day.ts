import type { Points } from '../../kernel/points.js';
import type { LocalDate } from '../../kernel/time.js';

/** What tiers count of one business day. */
export interface MeasuredDay {
  readonly day: LocalDate;
  readonly spendMinor: number;
  readonly points: Points;
  readonly visits: number;
  readonly status: Points;
}
