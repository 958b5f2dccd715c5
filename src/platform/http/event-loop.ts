import type { Server } from 'node:http';
import { constants } from 'node:os';

/** The longest turn of the event loop before a signal ends its poll, in milliseconds. */
const LONGEST_TURN_MS = 20;

/** This signal ends a poll and is ignored by default. Go's runtime uses it for preemption for the same reasons. */
const SIGNAL = 'SIGURG';

/**
 * Prevents that requests which come faster than they are read starve the rest of the event loop (ADR 0016). libuv
 * stays in its poll while each look brings 1,024 ready sockets, for up to 48 looks (`uv__io_poll`, src/unix/linux.c).
 * Until then no timer fires, no immediate runs, and nothing is read from new connections, for up to six seconds. A
 * signal ends the poll after the look that brings it.
 */
export function preventPollStarvation(server: Server): void {
  // Windows has no such signal, and another poll.
  if (!(SIGNAL in constants.signals)) return;
  let began: number | null = null;
  server.on('request', () => {
    const now = performance.now();
    if (began === null) {
      began = now;
      setImmediate(() => (began = null));
    } else if (now - began > LONGEST_TURN_MS) {
      began = now;
      process.kill(process.pid, SIGNAL);
    }
  });
  const ignore = (): void => undefined;
  server.once('listening', () => process.on(SIGNAL, ignore));
  server.once('close', () => process.off(SIGNAL, ignore));
}
