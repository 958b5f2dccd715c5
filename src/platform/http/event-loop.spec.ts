import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { preventPollStarvation } from './event-loop.js';

const LOADER = new URL('../../../test/harness/register-typescript.mjs', import.meta.url).href;
const BUSY_SERVER = fileURLToPath(new URL('../../../test/harness/busy-server-main.ts', import.meta.url));

describe('an event loop under more requests than it can read', () => {
  it('goes on turning', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', LOADER, BUSY_SERVER], {
      timeout: 110_000,
    });
    const { requests, turns } = JSON.parse(stdout) as { requests: number; turns: number };
    expect(requests).toBeGreaterThanOrEqual(30_000);
    // Left to itself it does not turn at all.
    expect(turns).toBeGreaterThanOrEqual(3);
  }, 120_000);

  it('leaves nothing behind in the process', async () => {
    const before = process.listenerCount('SIGURG');
    const server = createServer();
    preventPollStarvation(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    expect(process.listenerCount('SIGURG')).toBe(before + 1);
    server.close();
    await once(server, 'close');
    expect(process.listenerCount('SIGURG')).toBe(before);
  });
});
