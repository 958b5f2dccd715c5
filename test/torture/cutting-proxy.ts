import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { MessageReader, type WireMessage } from './message-reader.js';

/**
 * What may become of a write and its connection:
 * - `lost`: the write never reaches the server;
 * - `unanswered`: the server commits it, and the connection breaks before the answer comes back;
 * - `torn`: both sides are cut the moment it was handed to the server, which may or may not carry it out;
 * - `late`: the sender is cut off first, and the write reaches the server only afterwards, maybe after a retry did.
 */
export type WriteCut = 'lost' | 'unanswered' | 'torn' | 'late';

export const WRITE_CUTS: readonly WriteCut[] = ['lost', 'unanswered', 'torn', 'late'];

/** The name of the prepared statement that carries a batch and, as it is a transaction of its own, the COMMIT. */
const WRITE_STATEMENT = /^pipeline-write-/;

interface Plan {
  readonly how: WriteCut;
  /** Asked when a late write is there; it is let through when this resolves. */
  readonly release: () => Promise<unknown>;
  readonly done: () => void;
}

/**
 * Stands between engines and their PostgreSQL, on a port that stays the same while servers come and go, and breaks
 * connections: all of them, any of them, or just the one that carries a write, at a chosen moment of it.
 */
export class CuttingProxy {
  /** Connections broken on purpose, by manner. */
  readonly cuts = new Map<string, number>();
  private readonly links = new Set<Link>();
  private readonly plans: Plan[] = [];
  private readonly server: Server;

  private constructor(private upstreamPort: number) {
    this.server = createServer((client) => {
      const link = new Link(client, createConnection(this.upstreamPort, '127.0.0.1'), {
        plan: () => this.plans.shift(),
        broke: (manner) => this.count(manner),
        closed: () => this.links.delete(link),
      });
      this.links.add(link);
    });
  }

  /** @param upstreamPort where the server listens on the loopback */
  static async start(upstreamPort: number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(upstreamPort);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** New connections go to this port from now on. */
  leadTo(upstreamPort: number): void {
    this.upstreamPort = upstreamPort;
  }

  /** The same URL by way of the proxy. */
  urlOf(url: string): string {
    const through = new URL(url);
    through.hostname = '127.0.0.1';
    through.port = String(this.port);
    return through.href;
  }

  /**
   * Breaks the connection of the next write that comes by.
   *
   * @param release called when a `late` write has come, which is let through when it resolves; at once by default
   * @returns resolves when nothing more will come of that write
   */
  cutNextWrite(how: WriteCut, release: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
    return new Promise((done) => this.plans.push({ how, release, done }));
  }

  /** Breaks every connection there is. */
  cutAll(): void {
    for (const link of this.links) link.break('all');
  }

  /** Breaks one connection, if there is one. @param fraction 0 (inclusive) to 1 (exclusive), says which */
  cutOne(fraction: number): void {
    [...this.links][Math.floor(fraction * this.links.size)]?.break('one');
  }

  /** Cuts that were asked for and have not happened are not wanted any more. */
  forgetPlans(): void {
    for (const { done } of this.plans.splice(0)) done();
  }

  async close(): Promise<void> {
    this.forgetPlans();
    const closed = once(this.server, 'close');
    this.server.close();
    for (const link of this.links) link.destroy();
    await closed;
  }

  private count(manner: string): number {
    const times = (this.cuts.get(manner) ?? 0) + 1;
    this.cuts.set(manner, times);
    return times;
  }
}

interface LinkOwner {
  plan(): Plan | undefined;
  /** @returns how often it has happened by now */
  broke(manner: string): number;
  closed(): void;
}

/** One connection of an engine, and the one to the server that belongs to it. */
class Link {
  private readonly requests = new MessageReader(true);
  private readonly answers = new MessageReader(false);
  /** Whether the write's messages are passing by, from its Bind to its Sync. */
  private writing = false;
  private plan: Plan | undefined;
  /** What of a late write has come. */
  private readonly held: Buffer[] = [];
  private broken = false;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly owner: LinkOwner,
  ) {
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      // Its close follows, and that is what counts.
      socket.on('error', () => undefined);
    }
    client.on('data', (chunk: Buffer) => this.fromClient(chunk));
    server.on('data', (chunk: Buffer) => this.fromServer(chunk));
    // A client that died may have sent something that the server is still to read.
    client.on('close', () => (this.plan?.how === 'late' && this.broken) || server.end());
    server.on('close', () => {
      client.destroy();
      this.plan?.done();
      owner.closed();
    });
  }

  /** Cuts both sides; every other time with a reset instead of a proper end, which drivers report otherwise. */
  break(manner: string): void {
    if (this.broken) return;
    this.broken = true;
    if (this.owner.broke(manner) % 2 === 0) this.client.resetAndDestroy();
    this.destroy();
  }

  destroy(): void {
    this.client.destroy();
    this.server.destroy();
  }

  private fromClient(chunk: Buffer): void {
    const ended = this.requests.feed(chunk).some((message) => this.endsWrite(message));
    switch (this.plan?.how) {
      case undefined:
      case 'unanswered':
        this.forward(this.client, this.server, chunk);
        return;
      case 'lost':
        this.break('lost');
        return;
      case 'torn':
        this.server.write(chunk, () => ended && this.break('torn'));
        return;
      case 'late':
        this.held.push(chunk);
        if (ended) void this.deliverLate(this.plan);
        return;
    }
  }

  /** Looks out for the write; its plan is taken when it begins. */
  private endsWrite({ type, head }: WireMessage): boolean {
    if (type === 'B' && WRITE_STATEMENT.test(head.toString('latin1').split('\0')[1] ?? '')) {
      this.writing = true;
      this.plan ??= this.owner.plan();
    }
    if (type !== 'S' || !this.writing) return false;
    this.writing = false;
    return true;
  }

  private async deliverLate({ release }: Plan): Promise<void> {
    this.broken = true;
    this.owner.broke('late');
    this.client.destroy();
    await release();
    this.server.write(Buffer.concat(this.held));
  }

  private fromServer(chunk: Buffer): void {
    const messages = this.answers.feed(chunk);
    const how = this.plan?.how;
    if (how === undefined) {
      this.forward(this.server, this.client, chunk);
      return;
    }
    // ReadyForQuery: the transaction is over, and so is what the connection was kept for.
    if (!messages.some(({ type }) => type === 'Z')) return;
    if (how === 'unanswered') this.break('unanswered');
    else if (how === 'late') this.server.end();
  }

  private forward(from: Socket, to: Socket, chunk: Buffer): void {
    if (to.write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  }
}
