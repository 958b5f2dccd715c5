import { AUDITED_ACTIONS, type AuditedAction } from '../kernel/audited-actions.js';
import { wordForm } from '../kernel/texts.js';
import { invalid } from '../platform/http/validation.js';

/**
 * The action that a query names, as it is kept, whatever its case and the white space around it.
 * @throws ProblemException VALIDATION_FAILED for one that no entry has.
 */
export function askedAction(text: string): AuditedAction {
  const found = AUDITED_ACTIONS.find((action) => wordForm(action) === wordForm(text));
  if (found !== undefined) return found;
  const detail = `There is no action ${text}. The API's page lists them all under "Actors".`;
  throw invalid([{ pointer: '/action', code: 'UNKNOWN_ACTION', detail }]);
}
