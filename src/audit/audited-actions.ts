import { wordForm } from '../kernel/texts.js';
import { invalid } from '../platform/http/validation.js';

/** What entries of the audit log say was done; docs/api.md has the same list. */
export const AUDITED_ACTIONS = [
  ...['draft.saved', 'draft.discarded', 'published', 'stock.added'],
  ...['key.created', 'key.revoked', 'key.scopes_kept', 'key.line_noted', 'programme.created'],
  ...['adjustment.requested', 'adjustment.posted', 'adjustment.approved', 'adjustment.rejected'],
  ...['adjustment.continued', 'member.changed', 'member.suspended', 'member.reactivated', 'member.closed'],
  ...['member.merged', 'household.joined', 'household.left', 'household.roleChanged', 'openings.broughtIn'],
  'job.requested',
];

/**
 * The action that a query names, as it is kept, whatever its case and the white space around it.
 * @throws ProblemException VALIDATION_FAILED for one that no entry has.
 */
export function askedAction(text: string): string {
  const found = AUDITED_ACTIONS.find((action) => wordForm(action) === wordForm(text));
  if (found !== undefined) return found;
  const detail = `There is no action ${text}. The API's page lists them all under "Who did it".`;
  throw invalid([{ pointer: '/action', code: 'UNKNOWN_ACTION', detail }]);
}
