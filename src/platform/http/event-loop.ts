import type { Server } from 'node:http';
import { constants } from 'node:os';

/** How long a turn of the event loop may last before it is asked to end, in milliseconds. */
const LONGEST_TURN_MS = 20;

/** It ends a poll, does nothing where nobody expects it, and nobody else uses it; Go's runtime chose it for the same. */
const SIGNAL = 'SIGURG';

/**
 * Keeps the event loop turning while requests come faster than they are read (ADR 0016). libuv does not leave its
 * poll while each look brings 1,024 ready sockets, for up to 48 looks (`uv__io_poll`, src/unix/linux.c); until then
 * no timer fires, no immediate runs, and nothing is read from new connections. That can be six seconds. A signal ends
 * the poll after the look that brings it.
 */
export function keepTurning(server: Server): void {
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
