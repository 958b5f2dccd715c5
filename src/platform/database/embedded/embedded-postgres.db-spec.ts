import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedPostgres, type RunningPostgres } from './embedded-postgres.js';
import type { ServerSettings } from './settings.js';

let dataDir: string;
let running: RunningPostgres[];

// One folder for all: the stories are about starting on what is there, and initdb takes most of a second.
beforeAll(async () => (dataDir = await makeDataDir()));

beforeEach(() => (running = []));

afterEach(async () => {
  await Promise.all(running.map((server) => server.stop()));
});

afterAll(() => rm(dataDir, { recursive: true, force: true }));

async function makeDataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'laurel-embedded-'));
  await chmod(folder, 0o711);
  return folder;
}

/** Without waiting for the disk, except where that is the point: there is nothing here to keep. */
async function start(settings: ServerSettings = { fsync: 'off' }): Promise<RunningPostgres> {
  const server = await EmbeddedPostgres.start({ dataDir, settings });
  running.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A process that outlives its use as a lock's owner until it is killed. */
function bystander(): ChildProcess {
  return spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

describe('EmbeddedPostgres', () => {
  it('runs a durable PostgreSQL 18 in UTC and UTF-8, on the loopback only', async () => {
    const { ownerUrl: url } = await start({});
    const [row] = await query(
      url,
      `SELECT current_setting('server_version_num')::int / 10000 AS version,
              current_setting('fsync') AS fsync,
              current_setting('synchronous_commit') AS "synchronousCommit",
              current_setting('timezone') AS timezone,
              current_setting('server_encoding') AS encoding,
              current_setting('listen_addresses') AS addresses,
              current_setting('unix_socket_directories') AS sockets,
              current_database() AS database,
              upper('é') AS upper`,
    );
    expect(row).toEqual({
      version: 18,
      fsync: 'on',
      synchronousCommit: 'on',
      timezone: 'UTC',
      encoding: 'UTF8',
      addresses: '127.0.0.1',
      sockets: '',
      database: 'laurel',
      upper: 'É',
    });
  });

  it('asks for its password, which only its owner may read', async () => {
    const { ownerUrl: url, stateDir } = await start();
    const wrong = new URL(url);
    wrong.password = 'guessed';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect((await stat(join(stateDir, 'superuser-password'))).mode & 0o777).toBe(0o600);
  });

  it('has a user for the application, whose password is made anew where the file is lost', async () => {
    const server = await start();
    const { applicationUrl, stateDir } = server;
    const file = join(stateDir, 'application-password');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const roles = `SELECT session_user AS name, r.rolsuper OR r.rolcreaterole OR r.rolcreatedb AS mighty,
      pg_has_role('laurel_app', 'MEMBER') AS member FROM pg_roles r WHERE r.rolname = session_user`;
    const expected = [{ name: 'laurel_engine', mighty: false, member: true }];
    expect(await query(applicationUrl, roles)).toEqual(expected);
    await server.stop();
    await rm(file);
    const again = await start();
    expect(new URL(again.applicationUrl).password).not.toBe(new URL(applicationUrl).password);
    expect(await query(again.applicationUrl, roles)).toEqual(expected);
  });

  it('finds its data again at the next start', async () => {
    const first = await start();
    await query(first.ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await start();
    expect(await query(second.ownerUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('does not mind that the usual port is taken', async () => {
    const occupier: Server = createServer();
    const taken = await new Promise<boolean>((settle) => {
      occupier.once('error', () => settle(false));
      occupier.listen(5432, '127.0.0.1', () => settle(true));
    });
    const { ownerUrl: url } = await start();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    if (taken) occupier.close();
  });

  it('refuses a folder whose owner is alive, and lets tools attach to it', async () => {
    const owner = await start();
    await expect(EmbeddedPostgres.start({ dataDir })).rejects.toThrow(
      `already in use by process ${process.pid}`,
    );
    const attached = await EmbeddedPostgres.attachOrStart({ dataDir });
    await attached.stop();
    expect(attached.ownerUrl).toBe(owner.ownerUrl);
    expect(attached.applicationUrl).toBe(owner.applicationUrl);
    expect(await query(owner.ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('starts a server for a tool when nobody runs one', async () => {
    const server = await EmbeddedPostgres.attachOrStart({ dataDir, settings: { fsync: 'off' } });
    running.push(server);
    expect(await query(server.ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('stops the server of a killed owner and starts anew with its data', async () => {
    const orphan = await start();
    await query(orphan.ownerUrl, 'CREATE TABLE orphaned AS SELECT 42 AS answer');
    const owner = bystander();
    await writeLock(orphan, { pid: owner.pid, startedAt: '' });
    await kill(owner);

    const heir = await start();

    expect(await query(heir.ownerUrl, 'SELECT answer FROM orphaned')).toEqual([{ answer: 42 }]);
    await expect(query(orphan.ownerUrl, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  });

  it('knows a dead owner from a new process that got its number', async () => {
    const orphan = await start();
    const innocent = bystander();
    await writeLock(orphan, { pid: innocent.pid, startedAt: 'another boot/1' });
    const heir = await start();
    expect(await query(heir.ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await kill(innocent);
  });

  it('is not stopped by a stale postmaster.pid that names an innocent process', async () => {
    const server = await start();
    await server.stop();
    const { stateDir } = server;
    const innocent = bystander();
    const pidFile = join(stateDir, 'pgdata', 'postmaster.pid');
    await writeFile(pidFile, `${innocent.pid}\n${stateDir}/pgdata\n1\n5432\n\n127.0.0.1\n0 0\nready\n`);
    const { ownerUrl: url } = await start();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(innocent.exitCode).toBeNull();
    await kill(innocent);
  });

  it('begins again after an interrupted first start', async () => {
    const interrupted = await makeDataDir();
    await mkdir(join(interrupted, 'pgdata.new'));
    await writeFile(join(interrupted, 'initdb-password'), 'left behind');
    await writeFile(join(interrupted, 'owner.lock'), '{"pid":');
    const server = await EmbeddedPostgres.start({ dataDir: interrupted, settings: { fsync: 'off' } });
    expect(await query(server.ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
    await rm(interrupted, { recursive: true });
  });

  it('shows the end of the log when the server does not come up', async () => {
    const settings = { fsync: 'off', shared_buffers: 'plenty' };
    await expect(EmbeddedPostgres.start({ dataDir, settings })).rejects.toThrow(/shared_buffers/);
    await expect(readFile(join(dataDir, 'owner.lock'))).rejects.toThrow('ENOENT');
  });
});

async function writeLock(server: RunningPostgres, owner: object): Promise<void> {
  await writeFile(join(server.stateDir, 'owner.lock'), JSON.stringify(owner));
}
