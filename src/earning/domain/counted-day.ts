import type { Points } from '../../kernel/points.js';
import type { LocalDate } from '../../kernel/time.js';

/** What a rule with limits gave on the receipts of one business day. */
export interface CountedDay {
  readonly ruleId: string;
  readonly day: LocalDate;
  readonly points: Points;
  readonly times: number;
}
