import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** How long a client may take to send the head of a request, in milliseconds. */
const HEAD_TIME_MS = 15_000;

export interface ConnectionLimits {
  /** Connections of the server at most. */
  readonly total: number;
  /** Connections from one address at most; 0 sets no bound. */
  readonly perClient: number;
  readonly onRefused: () => void;
}

/** Closes connections past the limits at once, so that one client cannot take every place and descriptor. */
export function limitConnections(server: Server, { total, perClient, onRefused }: ConnectionLimits): void {
  server.maxConnections = total;
  server.headersTimeout = HEAD_TIME_MS;
  server.on('drop', onRefused);
  if (perClient === 0) return;
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (open.get(address) ?? 0) + 1;
    if (count > perClient) {
      onRefused();
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
  });
}
