import type { PublicEvent } from '../../kernel/public-event.js';

/**
 * A consumer of events after their commit. Delivery is at least once: if a process dies between handling an event and
 * recording it, the event comes again with the same id, so a listener remembers ids or is idempotent.
 */
export interface Listener {
  /** Stable: its place in the log is kept under it. */
  readonly name: string;
  /** Types it wants; absent for all. */
  readonly types?: readonly string[];
  /** How long one event may take, in milliseconds; default `HANDLE_LIMIT_MS`. What takes longer has failed. */
  readonly limitMs?: number;
  /** Handles one event; an error stops this listener (no other) and the event comes again. */
  handle(event: PublicEvent): Promise<void>;
}
