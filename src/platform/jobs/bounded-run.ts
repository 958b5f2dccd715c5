/** How a run ended. `aborted`: from outside, at shutdown or because the leader lock was lost; not the job's fault. */
export const OUTCOMES = ['succeeded', 'failed', 'timed_out', 'aborted'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface RunResult {
  readonly outcome: Outcome;
  /** Why it did not succeed; null where it did. */
  readonly error: string | null;
  /** Set where the run went on after it was aborted: settles when it ends at last. */
  readonly stuck: Promise<void> | null;
}

/** How long an aborted run has to end before nothing waits for it any longer. */
const GRACE_MS = 5_000;

/**
 * Runs something for no longer than `timeoutMs`, and `graceMs` more to end in once it is aborted.
 * @param control of this run alone; aborting it from outside ends the run, with an Error that says why.
 * @returns how it ended, at the latest after timeout and grace; never throws.
 */
export async function boundedRun(
  run: (signal: AbortSignal) => Promise<unknown>,
  control: AbortController,
  { timeoutMs, graceMs = GRACE_MS }: { readonly timeoutMs: number; readonly graceMs?: number },
): Promise<RunResult> {
  const { signal } = control;
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = !signal.aborted;
    control.abort(new Error(`The run took longer than ${timeoutMs} ms.`));
  }, timeoutMs);
  const work = attempt(run, signal);
  const failure = await Promise.race([work, overdue(signal, graceMs)]);
  clearTimeout(timer);
  const stuck = failure === OVERDUE ? work.then(() => undefined) : null;
  if (!signal.aborted) return { outcome: failure === null ? 'succeeded' : 'failed', error: failure, stuck };
  const late = stuck ? ` It had not ended ${graceMs} ms after that.` : '';
  const error = `${messageOf(signal.reason)}${late}`;
  return { outcome: timedOut ? 'timed_out' : 'aborted', error, stuck };
}

const OVERDUE = 'overdue';

/** @returns null, or why it failed. */
async function attempt(
  run: (signal: AbortSignal) => Promise<unknown>,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    await run(signal);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** Settles once the signal has been aborted for so long. */
async function overdue(signal: AbortSignal, graceMs: number): Promise<typeof OVERDUE> {
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await new Promise((resolve) => setTimeout(resolve, graceMs).unref());
  return OVERDUE;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
