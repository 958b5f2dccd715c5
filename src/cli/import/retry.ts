import { setTimeout as sleep } from 'node:timers/promises';
import { ImportError, StoppedError } from './import-error.js';
import { ApiError } from './laurel-api.js';

/** How long to be patient with a server that does not answer; with these, about two minutes. */
export interface Patience {
  /** Failures in a row without any progress. */
  readonly attempts: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

export const DEFAULT_PATIENCE: Patience = { attempts: 14, firstPauseMs: 250, longestPauseMs: 15_000 };

/** Milliseconds before attempt `failures + 1`: doubled each time, never less than the server asked for. */
export function pauseMs(failures: number, asked: number | null, patience: Patience): number {
  const doubled = Math.min(patience.longestPauseMs, patience.firstPauseMs * 2 ** Math.max(0, failures - 1));
  return Math.max(doubled, Math.min(asked ?? 0, patience.longestPauseMs));
}

/**
 * Repeats an attempt until it says it is done; an ApiError that may pass counts as `again`.
 *
 * @param progressed whether the last attempt got anything done: patience then begins anew
 * @throws ImportError when patience is at an end or the error will not pass; StoppedError when stopped in a pause
 */
export async function untilDone(
  attempt: () => Promise<'done' | 'again'>,
  progressed: () => boolean,
  patience: Patience,
  stop: AbortSignal,
): Promise<void> {
  for (let failures = 0; ;) {
    let asked: number | null = null;
    let why = 'the server keeps saying it is too busy';
    try {
      if ((await attempt()) === 'done') return;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!error.passing) throw new ImportError(error.message, { cause: error });
      asked = error.retryAfterMs;
      why = error.message;
    }
    failures = progressed() ? 1 : failures + 1;
    if (failures >= patience.attempts) throw new ImportError(`given up after ${failures} attempts: ${why}`);
    if (stop.aborted) throw new StoppedError();
    await sleep(pauseMs(failures, asked, patience), undefined, { signal: stop }).catch(() => {
      throw new StoppedError();
    });
  }
}
