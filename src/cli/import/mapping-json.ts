import { MappingError } from './mapping.js';

/** The value of a mapping's JSON text. @throws MappingError for a text that is not JSON. */
export function mappingJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MappingError([`the mapping is not JSON: ${(error as SyntaxError).message}`]);
  }
}
