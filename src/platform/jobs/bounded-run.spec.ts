import { boundedRun } from './bounded-run.js';

const LONG = { timeoutMs: 60_000, graceMs: 60_000 };
const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('a run with a limit', () => {
  it('succeeds, or fails with its error, thrown at once or later', async () => {
    const run = (work: () => Promise<unknown>) => boundedRun(work, new AbortController(), LONG);
    expect(await run(() => Promise.resolve(7))).toEqual({ outcome: 'succeeded', error: null, stuck: null });
    expect(await run(() => Promise.reject(new Error('no disk')))).toMatchObject({
      outcome: 'failed',
      error: 'no disk',
    });
    const thrown = run(() => {
      throw new Error('at once');
    });
    expect(await thrown).toMatchObject({ outcome: 'failed', error: 'at once' });
  });

  it('is aborted at its timeout, and may end in its own way', async () => {
    const ended = await boundedRun(untilAborted, new AbortController(), { ...LONG, timeoutMs: 5 });
    expect(ended).toEqual({ outcome: 'timed_out', error: 'The run took longer than 5 ms.', stuck: null });
    const thrown = await boundedRun(
      async (signal) => {
        await untilAborted(signal);
        signal.throwIfAborted();
      },
      new AbortController(),
      { ...LONG, timeoutMs: 5 },
    );
    expect(thrown).toEqual(ended);
  });

  it('is waited for no longer than its grace, and says when it ends at last', async () => {
    let end = (): void => undefined;
    const hanging = () => new Promise<void>((resolve) => (end = resolve));
    const { outcome, error, stuck } = await boundedRun(hanging, new AbortController(), {
      timeoutMs: 5,
      graceMs: 5,
    });
    expect([outcome, error]).toEqual([
      'timed_out',
      'The run took longer than 5 ms. It had not ended 5 ms after that.',
    ]);
    end();
    await stuck;
  });

  it('is aborted from outside, which is not its fault', async () => {
    const control = new AbortController();
    const run = boundedRun(untilAborted, control, LONG);
    control.abort(new Error('The process is shutting down.'));
    expect(await run).toEqual({ outcome: 'aborted', error: 'The process is shutting down.', stuck: null });
    const before = boundedRun((signal) => Promise.resolve(signal.aborted), control, LONG);
    expect(await before).toMatchObject({ outcome: 'aborted' });
  });
});
