import type { EntityManager } from 'typeorm';
import type { Problem } from '../../kernel/problem.js';
import type { Instant } from '../../kernel/time.js';
import type { ConfigSnapshot } from './config-snapshot.js';
import type { ConfigVersionEntity } from './config-version.entity.js';
import type { ConfigAct, ConfigAddress } from './config-act.js';

/** A publication that met the rules of its kind, in its transaction, while no other of the programme comes between. */
export interface AskedPublication {
  readonly act: ConfigAct;
  readonly draft: ConfigVersionEntity;
  /** The version with the highest number that was published and not withdrawn; null for the first one. */
  readonly base: ConfigVersionEntity | null;
  readonly effectiveAt: Instant;
  readonly config: ConfigSnapshot;
  readonly said: SaidPublication;
}

/** What a request to publish says. */
export interface SaidPublication {
  /** Its body as it came. */
  readonly body: object;
  /** The change request that it carries out; null where it is asked for directly. */
  readonly approves: string | null;
}

export type GateAnswer =
  /** It goes on; `published` runs in its transaction, behind it. */
  | { readonly kind: 'open'; readonly published?: () => Promise<void> }
  /** It waits for a second person; `request` is what the caller is answered. */
  | { readonly kind: 'held'; readonly request: object }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Decides whether a publication takes effect at once. */
export interface PublicationGate {
  answer(manager: EntityManager, asked: AskedPublication): Promise<GateAnswer>;
  /** What requests about a definition rest on is another now; in the transaction that changed it. */
  moved(manager: EntityManager, act: ConfigAct, address: ConfigAddress): Promise<void>;
}

/** The gate of this process; null where none was set, and every publication takes effect at once. */
export class GateHolder {
  gate: PublicationGate | null = null;
}

/** A publication that waits. */
export class HeldPublication {
  constructor(readonly request: object) {}
}
