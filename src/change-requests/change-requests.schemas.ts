import {
  free,
  instant,
  list,
  nullable,
  object,
  oneOf,
  page,
  ref,
  text,
  whole,
} from '../kernel/json-schema.js';
import { CHANGE_STATES } from './domain/change-request.js';

const request = {
  id: text,
  subject: text,
  subjectId: text,
  state: oneOf(CHANGE_STATES),
  digest: text,
  baseVersion: nullable(whole),
  requestedBy: text,
  requestedAt: instant,
  makerLines: list(text),
  effectiveAt: nullable(instant),
  expiresAt: instant,
  decision: nullable(object({ by: text, at: instant, note: nullable(text) })),
};

/** What change requests answer, by name. */
export const changeRequestSchemas = {
  ChangeRequest: object(request),
  WholeChangeRequest: object({ ...request, before: nullable(free), content: free }),
  ChangeRequests: page(ref('ChangeRequest')),
};
