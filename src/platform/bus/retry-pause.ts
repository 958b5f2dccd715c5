/** The pause after the first failure, twice as long after each further one, up to the longest. */
export const RETRY_PAUSE_MS = { first: 500, longest: 60_000 };

/**
 * How long an event waits until it is handed over again. Half of the pause is left to chance, so that listeners that
 * failed together do not come back together.
 * @param attempts that failed in a row, 1 and more.
 * @param random from 0 up to, but not including, 1.
 * @returns milliseconds.
 */
export function retryPauseMs(attempts: number, random: number): number {
  const whole = Math.min(RETRY_PAUSE_MS.longest, RETRY_PAUSE_MS.first * 2 ** (attempts - 1));
  return Math.round(whole / 2 + (whole / 2) * random);
}
