import { IsWhole } from '../platform/http/fields.js';

/** The longest cool-down of a rule. */
export const MAX_COOL_DOWN_DAYS = 366;

export class CoolDownDto {
  /** Business days, that of the receipt included: 1 is once a day, 7 once in seven days. */
  @IsWhole(1, MAX_COOL_DOWN_DAYS)
  days!: number;
}
