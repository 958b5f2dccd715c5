import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SCOPES } from '../../src/platform/http/caller.js';
import { ApiClient } from '../harness/api-client.js';
import { putTogether } from '../harness/production-folder.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The first start compiles. */
const PATIENCE_MS = 180_000;

/** The newcomer's five minutes: the very command, in a process of its own, with an environment of nothing. */
describe('npm start', () => {
  let folder: string;
  const started: ChildProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'laurel-start-'));
    // Under root the server runs as another account, and keeps its data elsewhere when it cannot come in here.
    await chmod(folder, 0o755);
  });
  afterAll(async () => {
    for (const child of started) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  /** @param root the project's folder, or one that was put together from it */
  function start(environment: Record<string, string> = {}, root = ROOT) {
    const { PATH = '', HOME = '' } = process.env;
    const env = { PATH, HOME, PORT: '0', LAUREL_DATA_DIR: join(folder, 'data'), ...environment };
    const script = join(root, 'scripts', 'start.mjs');
    const child = spawn(process.execPath, [script], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    started.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = once(child, 'exit') as Promise<[number | null]>;
    return {
      child,
      output: () => output,
      ended: ended.then(([code]) => code),
      ready: async (): Promise<string> => {
        for (;;) {
          const found = /Laurel is up: (\S+)/.exec(output);
          if (found && output.includes('Ctrl-C')) return found[1] as string;
          if (child.exitCode !== null) throw new Error(output);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      },
    };
  }

  it(
    'brings up a demo whose printed calls work, stops on Ctrl-C, and finds its data again in production',
    async () => {
      const first = start();
      const url = await first.ready();
      const keys = Object.fromEntries(
        [...first.output().matchAll(/^ {2}(\w+) +(lrl_\S+)$/gm)].map(([, scope, key]) => [scope, key]),
      );
      expect(Object.keys(keys)).toEqual(SCOPES);

      const commands = first
        .output()
        .split('\n')
        .filter((row) => row.startsWith('curl '));
      expect(commands).toHaveLength(3);
      const [purchase, redemption, liability] = (await Promise.all(commands.map(shell))).map((text) =>
        JSON.parse(text),
      );
      expect(purchase.pointsGranted).toBeGreaterThanOrEqual(105);
      expect(purchase.explanation).toHaveLength(2);
      expect(redemption).toMatchObject({ status: 'captured', points: 50, discountMinor: 5000 });
      expect(liability.lines[0]).toMatchObject({ entity: 'TW01', currency: 'TWD' });

      const till = new ApiClient(url, keys['pos'] as string);
      expect((await till.get('/docs')).text).toContain('swagger-ui');
      expect((await till.get('/')).text).toContain('swagger-ui');
      expect((await till.get('/docs-json')).body.info.title).toBe('Laurel');
      expect((await till.get('/v1/rewards')).body.data).toHaveLength(3);
      const before = (await till.get('/v1/members?externalId=C-1001')).body.data[0].balance;

      first.child.kill('SIGINT');
      expect(await first.ended).toBe(0);
      const production = join(folder, 'production');
      await putTogether(production);
      const second = start({ NODE_ENV: 'production' }, production);
      const again = new ApiClient(await second.ready(), keys['pos'] as string);
      expect((await again.get('/v1/members?externalId=C-1001')).body.data[0].balance).toEqual(before);

      const third = start();
      expect(await third.ended).toBe(1);
      expect(third.output()).toMatch(/already in use by process/);
      second.child.kill('SIGTERM');
      expect(await second.ended).toBe(0);
    },
    PATIENCE_MS,
  );

  it('compiles nothing in production: it says what to run first', async () => {
    const folderWithSources = join(folder, 'sources');
    for (const name of ['scripts', 'src', 'migrations'])
      await cp(join(ROOT, name), join(folderWithSources, name), { recursive: true });
    for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'])
      await cp(join(ROOT, name), join(folderWithSources, name));
    const child = start({ NODE_ENV: 'production' }, folderWithSources);
    expect(await child.ended).toBe(1);
    expect(child.output()).toContain('Run "npm run build" first');
    expect(await readdir(folderWithSources)).not.toContain('node_modules');
  });

  it(
    'says clearly that its port is busy, and what is wrong with the environment',
    async () => {
      const busy = createServer().listen(0, '127.0.0.1');
      await once(busy, 'listening');
      const { port } = busy.address() as { port: number };
      const child = start({ PORT: String(port) });
      expect(await child.ended).toBe(1);
      expect(child.output()).toContain(`Port ${port} on 127.0.0.1 is in use`);
      busy.close();

      const wrong = start({ PORT: 'three', LAUREL_BOOTSTRAP_KEY: 'short' });
      expect(await wrong.ended).toBe(1);
      expect(wrong.output()).toMatch(/PORT/);
      expect(wrong.output()).toMatch(/LAUREL_BOOTSTRAP_KEY/);
    },
    PATIENCE_MS,
  );
});

function shell(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', command]);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', () => resolve(output));
  });
}
