import { wordForm } from '../kernel/texts.js';
import { invalid } from '../platform/http/validation.js';
import type { EventCatalogue } from './event-catalogue.js';

/**
 * The types of events that a query names, as they are kept.
 * @param texts as they came, whatever their case and the white space around them; absent: all types.
 * @throws ProblemException VALIDATION_FAILED for one that no event has.
 */
export function askedTypes(
  texts: readonly string[] | undefined,
  { schemas }: EventCatalogue,
): readonly string[] | null {
  if (texts === undefined) return null;
  const byForm = new Map(schemas.map(({ type }) => [wordForm(type), type]));
  const unknown = texts.filter((text) => !byForm.has(wordForm(text)));
  if (unknown.length > 0) {
    const detail = `There is no event ${unknown.join(', ')}. GET /v1/events/schemas lists all events.`;
    throw invalid([{ pointer: '/types', code: 'UNKNOWN_TYPE', detail }]);
  }
  return texts.flatMap((text) => byForm.get(wordForm(text)) ?? []);
}
