import { instant, list, nullable, object, ref, text, wholeList } from '../kernel/json-schema.js';

const key = {
  id: text,
  name: text,
  scopes: list(text),
  hint: text,
  createdAt: instant,
  createdBy: nullable(text),
  line: text,
  lastUsedAt: nullable(instant),
  expiresAt: nullable(instant),
  revokedAt: nullable(instant),
};

/** What keys answer, by name. */
export const keySchemas = {
  ApiKey: object(key),
  ApiKeys: wholeList(ref('ApiKey')),
  ApiKeyMade: object({ ...key, key: text }),
};
