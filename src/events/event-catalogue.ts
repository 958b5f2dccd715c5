import type { JsonSchema } from '../kernel/public-event.js';

export interface EventSchema {
  readonly type: string;
  readonly version: number;
  readonly schema: JsonSchema;
}

/** Every event that can leave the process, by type and version. */
export class EventCatalogue {
  constructor(readonly schemas: readonly EventSchema[]) {}

  /** The payload's schema as a document of its own. */
  document({ type, version, schema }: EventSchema): JsonSchema {
    return {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `urn:laurel:event:${type}:v${version}`,
      title: `${type} v${version}`,
      ...schema,
    };
  }
}
