import { defineProblems, type Problem } from '../kernel/problem.js';
import type { Points } from '../kernel/points.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import type { InsufficientPoints } from './domain/spend.js';

export const ledgerProblems = defineProblems({
  ACCOUNT_NOT_FOUND: { status: 404, title: 'No such account', zhHant: '沒有這個帳戶' },
  LOT_NOT_FOUND: { status: 404, title: 'No such lot', zhHant: '沒有這個批次' },
  INSUFFICIENT_POINTS: { status: 422, title: 'Not enough points', zhHant: '點數不足' },
  TOO_MANY_LOTS: {
    status: 409,
    title: 'Too many lots for one command',
    zhHant: '一個指令處理不了這麼多批次',
  },
  HOLDS_OPEN: { status: 409, title: 'Points are on hold', zhHant: '有點數保留中' },
});

/** The refusal of whatever would empty an account some of whose points are on hold. */
export function holdsOpen(held: Points): Problem {
  const detail = `${held} points are on hold; capture or void the redemptions first.`;
  return ledgerProblems.problem('HOLDS_OPEN', detail, { meta: { held } });
}

/** The most lots that one command moves to another account or forfeits: as many as were measured (docs/performance.md). */
export const MAX_LOTS_MOVED = 100_000;

/** Refuses what would take a shard longer than its statements may run. */
export function requireFewLots(lots: number): Result<void, Problem> {
  if (lots <= MAX_LOTS_MOVED) return ok(undefined);
  const detail = `${lots} lots have points left; one command moves ${MAX_LOTS_MOVED}. Let some be used or expire first.`;
  const meta = { lots, most: MAX_LOTS_MOVED };
  return refuse(ledgerProblems.problem('TOO_MANY_LOTS', detail, { meta }));
}

/** The refusal of whatever wants more points than are available. */
export function insufficientPoints(figures: InsufficientPoints): Problem {
  const { required, available } = figures;
  const detail = `${required} points are required, ${available} are available.`;
  return ledgerProblems.problem('INSUFFICIENT_POINTS', detail, { meta: { ...figures } });
}
