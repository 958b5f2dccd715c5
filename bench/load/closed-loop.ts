import type { Driver } from './driver.js';
import type { HttpConnection } from './http-connection.js';
import type { Tally } from './tally.js';

/** Keeps a request under way on each connection for so long. @returns the seconds until the last answer. */
export async function closedLoop(
  driver: Driver,
  connections: readonly HttpConnection[],
  tally: Tally,
  seconds: number,
): Promise<number> {
  const started = performance.now();
  const end = started + seconds * 1000;
  driver.onFree = (connection) => {
    if (driver.lastAnswerAt < end && !tally.failed) driver.begin(connection, driver.lastAnswerAt);
  };
  for (const connection of connections) driver.begin(connection);
  await driver.drained(end);
  return (driver.lastAnswerAt - started) / 1000;
}
