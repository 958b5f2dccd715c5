import type { Clock } from '../../kernel/time.js';
import type { VerifyRun, VerifyRunStore } from './verify-run.store.js';
import type { VerifyOptions, VerifyService } from './verify.service.js';
import type { VerifyState } from './verify-state.js';

/** How often a run says that it is being carried out, a page taking however long. */
const ALIVE_EVERY_MS = 10_000;

/**
 * Continues a run from where it stands and records every page, so that another process can continue it after an
 * interruption. A run that another process has taken over is left to that process.
 * @param options.leftAs what an aborted run is recorded as; default `interrupted`.
 * @returns how far it came: to the end, to where it was aborted, or to where it was lost.
 */
export async function recordedVerify(
  run: VerifyRun,
  service: VerifyService,
  store: VerifyRunStore,
  clock: Clock,
  options: Pick<VerifyOptions, 'onPage' | 'signal' | 'accountsPerPage' | 'anchorKeys'> & {
    readonly leftAs?: 'waiting' | 'interrupted';
  } = {},
): Promise<VerifyState> {
  const { onPage, signal, leftAs = 'interrupted', ...rest } = options;
  const lost = new AbortController();
  let progress = run.progress;
  const timer = setInterval(() => {
    // A sign of life that does not get through is followed by the next.
    void store.alive(run, clock.now()).catch(() => undefined);
  }, ALIVE_EVERY_MS);
  timer.unref();
  try {
    progress = await service.walk({
      ...rest,
      from: run.progress,
      signal: signal ? AbortSignal.any([signal, lost.signal]) : lost.signal,
      onPage: async (state) => {
        progress = state;
        const finished = state.phase === null;
        const saved = { state: finished ? 'finished' : 'running', progress } as const;
        if (!(await store.save(run, saved, clock.now()))) lost.abort();
        await onPage?.(state);
      },
    });
    if (progress.phase !== null && !lost.signal.aborted)
      await store.save(run, { state: leftAs, progress }, clock.now());
    return progress;
  } catch (error) {
    const failed = { state: 'interrupted', progress, error: String(error) } as const;
    await store.save(run, failed, clock.now()).catch(() => undefined);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
