import { ok } from '../kernel/result.js';
import type { CommandHandler } from '../platform/pipeline/index.js';
import { ledgerProblems } from './problems.js';

/**
 * Writes down what fell due on an account by now: lapsed holds, expired lots. The pipeline settles that before
 * every decision anyway; this command is for accounts that nobody touches, and asks for nothing more.
 */
export const settleAccount: CommandHandler<Record<string, never>> = {
  type: 'account.settle',
  repeatable: true,
  needsLazyRows: () => true,
  preload: 'referenced',
  unknownTarget: () => ledgerProblems.problem('ACCOUNT_NOT_FOUND', 'There is no such account.'),
  naturalConflict: () => ledgerProblems.problem('ACCOUNT_NOT_FOUND', 'There is no such account.'),
  decide: (_body, work) => ok({ status: 200, body: { settled: work.events.length } }),
};
