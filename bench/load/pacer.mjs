import { parentPort, workerData } from 'node:worker_threads';

/**
 * Wakes the generator when requests are due. A thread of its own that sleeps on a futex, because the timers of
 * Node.js are as coarse as a millisecond and waiting in a busy loop would take a core.
 *
 * `shared`: 0 asks it to stop, 1 how many requests are due, 2 whether the generator was woken and has not looked yet.
 */
const { schedule, shared, startNanos, quantumMillis } = workerData;
const elapsed = () => Number(process.hrtime.bigint() - startNanos) / 1e6;

let due = 0;
let wokenAt = 0;
while (due < schedule.length && Atomics.load(shared, 0) === 0) {
  const wait = Math.max(schedule[due], wokenAt + quantumMillis) - elapsed();
  if (wait > 0) Atomics.wait(shared, 0, 0, wait);
  wokenAt = elapsed();
  while (due < schedule.length && schedule[due] <= wokenAt) due += 1;
  Atomics.store(shared, 1, due);
  if (Atomics.compareExchange(shared, 2, 0, 1) === 0) parentPort.postMessage(null);
}
