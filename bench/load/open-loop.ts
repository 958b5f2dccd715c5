import { Worker } from 'node:worker_threads';
import type { Driver } from './driver.js';
import type { HttpConnection } from './http-connection.js';
import type { Shape } from './plan.js';
import type { Tally } from './tally.js';
import { randomFrom } from './works.js';

type Open = Extract<Shape, { kind: 'open' }>;

/** Requests that are due sooner after the last ones go together: a wake-up costs more than sending one. */
const QUANTUM_MS = 0.5;
/** Between the pacer's start and the first request. */
const LEAD_MS = 100;

/**
 * Sends requests at the times of a schedule for so long. What is due while no connection is free waits for one; what
 * still waits at the end is not sent any more and counted. @returns the seconds until the end of the schedule.
 */
export async function openLoop(
  driver: Driver,
  connections: readonly HttpConnection[],
  tally: Tally,
  { seconds, shape }: { readonly seconds: number; readonly shape: Open },
): Promise<number> {
  const schedule = scheduleOf(shape, seconds);
  const shared = new Int32Array(new SharedArrayBuffer(12));
  const startNanos = process.hrtime.bigint() + BigInt(LEAD_MS * 1e6);
  const started = performance.now() + LEAD_MS;
  const free = [...connections];
  let sent = 0;
  let due = 0;
  let sending = true;
  const send = (): void => {
    while (sending && sent < due) {
      // In turn: one that is not used for a minute is closed by the server.
      const connection = free.shift();
      if (connection === undefined) return;
      const at = schedule[sent] as number;
      sent += 1;
      driver.begin(connection, started + at, at);
    }
  };
  driver.onFree = (connection) => {
    free.push(connection);
    send();
  };
  const workerData = { schedule, shared, startNanos, quantumMillis: QUANTUM_MS };
  const pacer = new Worker(new URL('./pacer.mjs', import.meta.url), { workerData, execArgv: [] });
  pacer.on('message', () => {
    Atomics.store(shared, 2, 0);
    due = Atomics.load(shared, 1);
    send();
  });
  await new Promise((resolve, reject) => {
    pacer.once('error', reject);
    setTimeout(resolve, LEAD_MS + seconds * 1000);
  });
  sending = false;
  tally.over();
  Atomics.store(shared, 0, 1);
  Atomics.notify(shared, 0);
  tally.unsent = schedule.length - sent;
  await driver.drained();
  await pacer.terminate();
  return seconds;
}

/** When each request is to be sent, milliseconds from the start. The same schedule for the same rate and time. */
function scheduleOf({ perSecond, spacing = 'poisson' }: Open, seconds: number): Float64Array {
  const gap = 1000 / perSecond;
  const random = randomFrom(`${perSecond} ${seconds}`);
  const times: number[] = [];
  let at = 0;
  while (at < seconds * 1000) {
    times.push(at);
    at += spacing === 'even' ? gap : -Math.log(1 - random()) * gap;
  }
  return Float64Array.from(times);
}
