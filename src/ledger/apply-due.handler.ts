import { ok } from '../kernel/result.js';
import type { CommandHandler } from '../platform/pipeline/index.js';
import { ledgerProblems } from './problems.js';

/**
 * Applies what fell due on an account by now. The pipeline does that before every decision; this command is for
 * accounts without other commands and does nothing more.
 */
export const applyDueOfAccount: CommandHandler<Record<string, never>> = {
  type: 'account.applyDue',
  repeatable: true,
  needsLazyRows: () => true,
  preload: 'referenced',
  unknownTarget: () => ledgerProblems.problem('ACCOUNT_NOT_FOUND', 'There is no such account.'),
  naturalConflict: () => ledgerProblems.problem('ACCOUNT_NOT_FOUND', 'There is no such account.'),
  decide: (_body, work) => ok({ status: 200, body: { settled: work.events.length } }),
};
