import { defineProblems, type Problem } from '../kernel/problem.js';
import type { Points } from '../kernel/points.js';
import type { InsufficientPoints } from './domain/spend.js';

export const ledgerProblems = defineProblems({
  ACCOUNT_NOT_FOUND: { status: 404, title: 'No such account' },
  LOT_NOT_FOUND: { status: 404, title: 'No such lot' },
  INSUFFICIENT_POINTS: { status: 422, title: 'Not enough points' },
  HOLDS_OPEN: { status: 409, title: 'Points are on hold' },
  VERIFY_RUN_NOT_FOUND: { status: 404, title: 'No such run' },
  VERIFY_RUNNING: { status: 409, title: 'A run is under way' },
  VERIFY_FINISHED: { status: 409, title: 'The run is finished' },
});

/** The refusal of whatever would empty an account some of whose points are on hold. */
export function holdsOpen(held: Points): Problem {
  const detail = `${held} points are on hold; capture or void the redemptions first.`;
  return ledgerProblems.problem('HOLDS_OPEN', detail, { meta: { held } });
}

/** The refusal of whatever wants more points than are available. */
export function insufficientPoints(figures: InsufficientPoints): Problem {
  const { required, available } = figures;
  const detail = `${required} points are required, ${available} are available.`;
  return ledgerProblems.problem('INSUFFICIENT_POINTS', detail, { meta: { ...figures } });
}
