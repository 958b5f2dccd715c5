import type { PublicEvent } from '../../kernel/public-event.js';

/**
 * Someone who wants events after they were committed. At least once: a process that dies between handling and
 * noting it hands the event over again, with the same id, so a listener remembers ids or is idempotent.
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
