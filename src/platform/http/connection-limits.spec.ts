import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { limitConnections } from './connection-limits.js';

async function story(limits: { readonly total: number; readonly perClient: number }) {
  const server = createServer((_, response) => response.end('ok'));
  let refused = 0;
  limitConnections(server, { ...limits, onRefused: () => (refused += 1) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const open = async (): Promise<Socket> => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };
  /** Whether the server answers on it. */
  const isServed = async (socket: Socket): Promise<boolean> => {
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    return Promise.race([once(socket, 'data').then(() => true), once(socket, 'close').then(() => false)]);
  };
  const close = (sockets: readonly Socket[]) => {
    for (const socket of sockets) socket.destroy();
    server.close();
    return once(server, 'close');
  };
  return { open, isServed, close, refused: () => refused };
}

describe.each([
  ['of one client', { total: 100, perClient: 2 }],
  ['in all', { total: 2, perClient: 0 }],
])('connections %s past the limit', (_, limits) => {
  it('are closed, and there is room again when one ends', async () => {
    const { open, isServed, close, refused } = await story(limits);
    const [first, second] = [await open(), await open()];
    expect([await isServed(first), await isServed(second)]).toEqual([true, true]);
    const third = await open();
    expect(await isServed(third)).toBe(false);
    expect(refused()).toBe(1);
    first.destroy();
    await once(first, 'close');
    // The server sees the end a moment after the client.
    let fourth = await open();
    for (let tries = 0; tries < 50 && !(await isServed(fourth)); tries += 1) fourth = await open();
    expect(fourth.destroyed).toBe(false);
    await close([second, fourth]);
  });
});
