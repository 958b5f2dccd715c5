import type { Problem } from '../kernel/problem.js';
import { idToUuid, type ProgrammeId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import type { Publication, Reader } from '../platform/versioned-config/config.store.js';
import { limitsOf } from './budget.kind.js';
import type { Budget } from './domain/budget.js';
import type { Amounts } from './domain/amounts.js';
import { inSlices, SLICES } from './domain/draw.js';
import { budgetProblems } from './problems.js';

const USED = `SELECT coalesce(sum(u.points), 0)::text AS points, coalesce(sum(u.uses), 0)::text AS uses,
    coalesce(sum(u.cost), 0)::text AS cost
  FROM budget_uses u WHERE u.programme_id = $1 AND u.budget_id = $2`;

const SET_SLICES = `INSERT INTO budget_slices AS s (programme_id, budget_id, slice, points, uses, cost)
  SELECT $1, $2, u.slice, u.points, u.uses, u.cost
  FROM unnest($3::int[], $4::bigint[], $5::bigint[], $6::numeric[]) AS u(slice, points, uses, cost)
  ON CONFLICT (programme_id, budget_id, slice)
    DO UPDATE SET points = excluded.points, uses = excluded.uses, cost = excluded.cost`;

/** What awards used of a budget so far, in the transaction of the reader. */
async function usedOf(reader: Reader, programmeId: ProgrammeId, budgetId: string): Promise<Amounts> {
  const values = [idToUuid(programmeId), budgetId];
  const [row] = await reader.query<Record<keyof Amounts, string>[]>(USED, values);
  return { points: Number(row?.points), uses: Number(row?.uses), cost: BigInt(row?.cost ?? 0) };
}

/**
 * The refusal of a change that is planned for later: what is left is one figure for all receipts, late ones included,
 * so it changes when it is published. The first version may begin with its campaign.
 */
export function changedLater({ published, effectiveAt }: Publication, now: Instant): Problem | null {
  if (published.length === 0 || effectiveAt <= now) return null;
  const detail =
    'A budget goes by arrival, so it changes when it is published. Publish the change when it is to hold.';
  const errors = [{ pointer: '/effectiveAt', code: 'BUDGET_CHANGES_AT_ONCE', detail }];
  return budgetProblems.problem('BUDGET_CHANGES_AT_ONCE', detail, { errors });
}

/** The refusal of a version that allows less than is used already. Writes must wait, or more may be used meanwhile. */
export async function belowUse({ draft, config, reader }: Publication): Promise<Problem | null> {
  const limits = limitsOf(draft.body as unknown as Budget);
  const used = await usedOf(reader, config.programmeId, draft.key);
  const over = (['points', 'uses', 'cost'] as const).filter((unit) => {
    const limit = limits[unit];
    return limit !== null && limit < used[unit];
  });
  if (over.length === 0) return null;
  const fields = { points: 'points', uses: 'uses', cost: 'moneyMinor' };
  const detail = `The awards so far use more than ${over.map((unit) => fields[unit]).join(', ')} of this version.`;
  const errors = over.map((unit) => ({ pointer: `/${fields[unit]}`, code: 'BUDGET_BELOW_USE', detail }));
  return budgetProblems.problem('BUDGET_BELOW_USE', detail, {
    errors,
    meta: { usedPoints: used.points, uses: used.uses },
  });
}

/** Puts what a version leaves into the slices, in equal parts. */
export async function fillSlices({ draft, config, reader }: Publication): Promise<void> {
  const limits = limitsOf(draft.body as unknown as Budget);
  const used = await usedOf(reader, config.programmeId, draft.key);
  const parts = (limit: bigint | null, taken: bigint) =>
    limit === null ? Array.from({ length: SLICES }, () => null) : inSlices(limit - taken).map(String);
  await reader.query(SET_SLICES, [
    idToUuid(config.programmeId),
    draft.key,
    Array.from({ length: SLICES }, (_, slice) => slice),
    parts(limits.points === null ? null : BigInt(limits.points), BigInt(used.points)),
    parts(limits.uses === null ? null : BigInt(limits.uses), BigInt(used.uses)),
    parts(limits.cost, used.cost),
  ]);
}
