import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { CuttingProxy } from './cutting-proxy.js';
import { MessageReader } from './message-reader.js';

/** A message of the wire protocol; the start-up packet has no type. */
function message(type: string, content: string): Buffer {
  const body = Buffer.from(content, 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type, 'latin1'), length, body]);
}

const START_UP = message('', '\0\x03\0\0user\0laurel\0\0');
const SYNC = message('S', '');
const bind = (statement: string) => message('B', `\0${statement}\0${'x'.repeat(2000)}`);

describe('MessageReader', () => {
  it('finds the same messages however they are cut into pieces', () => {
    const stream = Buffer.concat([START_UP, bind('pipeline-write-3'), message('E', '\0\0\0\0\0'), SYNC]);
    for (const size of [1, 2, 5, 7, 255, 256, 300, stream.length]) {
      const reader = new MessageReader(true);
      const types: string[] = [];
      for (let at = 0; at < stream.length; at += size) {
        types.push(...reader.feed(stream.subarray(at, at + size)).map(({ type }) => type));
      }
      expect(types).toEqual(['', 'B', 'E', 'S']);
    }
  });
});

describe('CuttingProxy', () => {
  const opened: Socket[] = [];
  let received: Buffer[];
  let proxy: CuttingProxy;
  const server = createServer((socket) => {
    opened.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk);
      // As a server does: it answers, and is ready, when the Sync is there.
      if (chunk.includes(SYNC)) socket.write(message('Z', 'I'));
    });
  });

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(async () => {
    received = [];
    proxy = await CuttingProxy.start((server.address() as AddressInfo).port);
  });
  afterEach(() => proxy.close());
  afterAll(async () => {
    for (const socket of opened) socket.destroy();
    server.close();
    await once(server, 'close');
  });

  const client = async () => {
    const socket = connect(proxy.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(START_UP);
    return socket;
  };
  const text = () => Buffer.concat(received).toString('latin1');

  it('passes on what is no write, and writes that nobody wants cut', async () => {
    const socket = await client();
    void proxy.cutNextWrite('lost');
    socket.write(Buffer.concat([bind('pipeline-load'), SYNC]));
    expect((await once(socket, 'data'))[0]).toEqual(message('Z', 'I'));
    proxy.forgetPlans();
    socket.write(Buffer.concat([bind('pipeline-write-0'), SYNC]));
    expect((await once(socket, 'data'))[0]).toEqual(message('Z', 'I'));
    expect([...proxy.cuts]).toEqual([]);
  });

  it('keeps a lost write from the server', async () => {
    const socket = await client();
    const over = proxy.cutNextWrite('lost');
    socket.write(Buffer.concat([bind('pipeline-write-0'), SYNC]));
    await Promise.all([over, once(socket, 'close')]);
    expect(text()).not.toContain('pipeline-write');
  });

  it('keeps the answer from the client, but waits for it', async () => {
    const socket = await client();
    let answered = false;
    socket.on('data', () => (answered = true));
    const over = proxy.cutNextWrite('unanswered');
    socket.write(Buffer.concat([bind('pipeline-write-0'), SYNC]));
    await Promise.all([over, once(socket, 'close')]);
    expect(text()).toContain('pipeline-write-0');
    expect(answered).toBe(false);
  });

  it('hands a late write to the server when its client has long been cut off', async () => {
    const socket = await client();
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const over = proxy.cutNextWrite('late', () => released);
    socket.write(bind('pipeline-write-0'));
    socket.write(SYNC);
    await once(socket, 'close');
    expect(text()).not.toContain('pipeline-write');
    release();
    await over;
    expect(text()).toContain('pipeline-write-0');
  });

  it('breaks every connection there is', async () => {
    const socket = await client();
    const closed = once(socket, 'close');
    // It is there when the server has got something.
    while (received.length === 0) await new Promise((resolve) => setImmediate(resolve));
    proxy.cutAll();
    await closed;
    expect(proxy.cuts.get('all')).toBe(1);
  });
});
