import type { ProgrammeId } from '../../kernel/ids.js';
import type { PublicEvent } from '../../kernel/public-event.js';

/** How many times in a row an event is handed over, unless the listener says otherwise, before it is put aside. */
export const DEFAULT_ATTEMPTS = 10;
/** How long a listener may take over one event unless it says otherwise. */
export const HANDLE_LIMIT_MS = 30_000;

/**
 * Handles events after they were committed, in the order of the log. At least once: a process that dies between
 * handling an event and noting it hands the event over again, with the same id, so a listener remembers ids or is
 * idempotent.
 */
export interface Listener {
  /** Stable: its place in the log is kept under it. At most `MAX_LISTENER_NAME` characters. */
  readonly name: string;
  /** Types it wants; absent for all. */
  readonly types?: readonly string[];
  /** The programme whose events it wants; absent for all. */
  readonly programmeId?: ProgrammeId;
  /** Where a listener begins that was never there: with the first event ever (default), or with those that come. */
  readonly startsAt?: 'beginning' | 'now';
  /** How long one event may take, in milliseconds; default `HANDLE_LIMIT_MS`. What takes longer has failed. */
  readonly limitMs?: number;
  /** Attempts before an event becomes a dead letter; default `DEFAULT_ATTEMPTS`, `Infinity` to wait for ever. */
  readonly attempts?: number;
  /**
   * Handles one event. An error has it handed over again, after a pause; no other listener waits for it.
   * @param signal aborted when the time is over, the listener is removed or the process shuts down.
   */
  handle(event: PublicEvent, signal: AbortSignal): Promise<void>;
}

/** Characters of a listener's name. */
export const MAX_LISTENER_NAME = 100;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._ -]*$/;

/** @throws Error for a name under which nothing could be kept or asked for. */
export function requireListenerName(name: string): void {
  if (!isListenerName(name)) {
    const rule = `at most ${MAX_LISTENER_NAME} letters, digits, spaces and ._-, the first a letter or a digit`;
    throw new Error(`${JSON.stringify(name)} is no name of a listener: ${rule}`);
  }
}

/** Whether a listener can have this name: letters, digits, spaces and `._-`, the first a letter or a digit. */
export function isListenerName(name: string): boolean {
  return name.length <= MAX_LISTENER_NAME && NAME.test(name);
}
