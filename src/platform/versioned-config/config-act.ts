import type { IdSource, ProgrammeId } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/time.js';

/** The actor and the instant of a change; instant and ids come from outside. */
export interface ConfigAct {
  readonly programmeId: ProgrammeId;
  readonly actor: string;
  readonly now: Instant;
  readonly ids: IdSource;
}

export interface ConfigAddress {
  readonly kind: string;
  readonly key: string;
}
