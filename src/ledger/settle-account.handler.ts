import { defineProblems } from '../kernel/problem.js';
import { ok } from '../kernel/result.js';
import type { CommandHandler } from '../platform/pipeline/command.js';

export const ledgerProblems = defineProblems({
  ACCOUNT_NOT_FOUND: { status: 404, title: 'No such account' },
});

/**
 * Writes down what fell due on an account by now: lapsed holds, expired lots. The pipeline settles that before
 * every decision anyway; this command is for accounts that nobody touches, and asks for nothing more.
 */
export const settleAccount: CommandHandler<Record<string, never>> = {
  type: 'account.settle',
  needsDetails: () => true,
  unknownTarget: () => ledgerProblems.problem('ACCOUNT_NOT_FOUND', 'There is no such account.'),
  naturalConflict: () => ledgerProblems.problem('ACCOUNT_NOT_FOUND', 'There is no such account.'),
  decide: (_body, work) => ok({ status: 200, body: { settled: work.events.length } }),
};
