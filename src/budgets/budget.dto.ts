import { IsOptional } from 'class-validator';
import { MAX_POINTS } from '../kernel/points.js';
import { IsWhole } from '../platform/http/fields.js';
import { IsName } from '../platform/http/name.js';
import { invalid } from '../platform/http/validation.js';
import type { Budget } from './domain/budget.js';

/** Awards a budget may allow. */
const MAX_USES = 1_000_000_000;
/** Minor units a budget may allow. */
const MAX_MONEY_MINOR = 1_000_000_000_000;

export class BudgetDto {
  @IsName(200)
  name!: string;

  /** The most points in all; at least one of the three limits is needed. */
  @IsOptional()
  @IsWhole(1, MAX_POINTS)
  points?: number;

  /** The most awards in all, one for each rule and receipt. */
  @IsOptional()
  @IsWhole(1, MAX_USES)
  uses?: number;

  /**
   * The most that points may cost in all, minor units: points x value x probability / (1 + tax) by the accounting
   * policy of the day, whatever the origin of the points.
   */
  @IsOptional()
  @IsWhole(1, MAX_MONEY_MINOR)
  moneyMinor?: number;

  /** Share of a limit at whose use `budget.warning` is published, in percent. Absent: no warning. */
  @IsOptional()
  @IsWhole(1, 99)
  warnAtPercent?: number;
}

/** @throws ProblemException VALIDATION_FAILED for a budget without a limit. */
export function budgetOf({ name, points, uses, moneyMinor, warnAtPercent }: BudgetDto): Budget {
  if (points === undefined && uses === undefined && moneyMinor === undefined) {
    const detail = 'A budget needs a limit in points, in uses or in money.';
    throw invalid([{ pointer: '', code: 'NO_LIMIT', detail }]);
  }
  return {
    name,
    points: points ?? null,
    uses: uses ?? null,
    moneyMinor: moneyMinor ?? null,
    warnAtPercent: warnAtPercent ?? null,
  };
}
