import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, type ProgrammeId } from '../kernel/ids.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import type { Amounts, Left } from './domain/amounts.js';

const REPORT = `SELECT
    (SELECT json_build_array(sum(s.points)::text, sum(s.uses)::text, sum(s.cost)::text) FROM budget_slices s
      WHERE s.programme_id = $1 AND s.budget_id = $2) AS rest,
    (SELECT json_agg(json_build_array(u.rule_id, u.points::text, u.uses::text, u.cost::text) ORDER BY u.rule_id)
      FROM (SELECT x.rule_id, sum(x.points) AS points, sum(x.uses) AS uses, sum(x.cost) AS cost FROM budget_uses x
        WHERE x.programme_id = $1 AND x.budget_id = $2 GROUP BY x.rule_id) u) AS rules`;

type Texts = readonly (string | null)[];

/** What a budget has left, and what each rule used of it. */
export interface BudgetUseFound {
  readonly left: Left;
  readonly rules: readonly (Amounts & { readonly ruleId: string })[];
}

/** Reads what is left of budgets: sums over their slices, in one snapshot. */
@Injectable()
export class BudgetReportQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async useOf(programmeId: ProgrammeId, budgetId: string): Promise<BudgetUseFound> {
    const [row] = await this.dataSource.query<
      { rest: Texts; rules: readonly (readonly string[])[] | null }[]
    >(REPORT, [idToUuid(programmeId), budgetId]);
    const [points = null, uses = null, cost = null] = row?.rest ?? [];
    return {
      left: { points: wholeOf(points), uses: wholeOf(uses), cost: cost === null ? null : BigInt(cost) },
      rules: (row?.rules ?? []).map(([ruleId = '', rulePoints, ruleUses, ruleCost = '0']) => ({
        ...{ ruleId, points: Number(rulePoints), uses: Number(ruleUses), cost: BigInt(ruleCost) },
      })),
    };
  }
}

function wholeOf(text: string | null): number | null {
  return text === null ? null : Number(text);
}
