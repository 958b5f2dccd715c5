import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** How every answer of PostgreSQL ends: ReadyForQuery, but for the state of the transaction. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5]);

/**
 * Stands before a PostgreSQL that goes down on command: with one of its answers it says farewell (57P01) in the
 * same packet, and ends the connection. So the client learns of both before it can send the next statement.
 */
export class FarewellProxy {
  private readonly sockets = new Set<Socket>();
  private left = Infinity;

  private constructor(
    private readonly server: Server,
    private readonly url: string,
  ) {}

  static async before(url: string): Promise<FarewellProxy> {
    const { hostname, port } = new URL(url);
    const server = createServer((client) => {
      const upstream = createConnection(Number(port), hostname);
      for (const socket of [client, upstream]) {
        proxy.sockets.add(socket);
        socket.on('error', () => undefined);
      }
      client.pipe(upstream);
      upstream.on('data', (chunk: Buffer) => {
        if (chunk.subarray(-6, -1).equals(READY)) proxy.left -= 1;
        if (proxy.left > 0) client.write(chunk);
        else client.end(Buffer.concat([chunk, farewell()]));
      });
      upstream.on('close', () => client.destroy());
      client.on('close', () => upstream.destroy());
    });
    const proxy = new FarewellProxy(server, url);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  /** The server's address by way of the proxy. */
  get address(): string {
    const through = new URL(this.url);
    through.hostname = '127.0.0.1';
    through.port = String((this.server.address() as AddressInfo).port);
    return through.href;
  }

  /** @param answers with which answer from now on, that to the start of a connection included; at least 1. */
  goDownWith(answers: number): void {
    this.left = answers;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

/** An ErrorResponse as a server sends it that is being stopped. */
function farewell(): Buffer {
  const message = 'terminating connection due to administrator command';
  const fields = Buffer.from(`SFATAL\0VFATAL\0C57P01\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeUInt32BE(4 + fields.length, 1);
  return Buffer.concat([head, fields]);
}
