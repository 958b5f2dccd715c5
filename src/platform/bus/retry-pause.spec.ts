import { RETRY_PAUSE_MS, retryPauseMs } from './retry-pause.js';

describe('the pause before an event is handed over again', () => {
  it('doubles with each failure, up to a minute', () => {
    const nearly = 1 - Number.EPSILON;
    expect([1, 2, 3, 7, 8, 50].map((attempts) => retryPauseMs(attempts, nearly))).toEqual([
      500, 1000, 2000, 32_000, 60_000, 60_000,
    ]);
  });

  it('is anywhere in its second half', () => {
    expect(retryPauseMs(1, 0)).toBe(RETRY_PAUSE_MS.first / 2);
    expect(retryPauseMs(1, 0.5)).toBe(RETRY_PAUSE_MS.first * 0.75);
    expect(retryPauseMs(99, 0)).toBe(RETRY_PAUSE_MS.longest / 2);
  });
});
