import { closedLoop } from './closed-loop.js';
import { Driver } from './driver.js';
import { HttpConnection } from './http-connection.js';
import { openLoop } from './open-loop.js';
import { MAX_CONNECTIONS, MAX_PER_SECOND, MAX_SECONDS, type LoadPlan, type LoadResult } from './plan.js';
import { streams } from './stream.js';
import { Tally } from './tally.js';
import { Remembered, RequestSource } from './works.js';

/** Connections that are opened at the same time: a server's queue of new ones is short. */
const OPENED_AT_ONCE = 64;

const remembered = new Remembered();

/** What `LoadGenerator` starts: carries out one plan after the other, and ends with the process that started it. */
process.on('message', (plan: LoadPlan) => {
  carryOut(plan).then(
    (result) => process.send?.({ result }),
    (error: unknown) =>
      process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });

async function carryOut(plan: LoadPlan): Promise<LoadResult> {
  check(plan);
  const tally = new Tally(plan);
  const source = new RequestSource(plan, remembered);
  const { shape } = plan;
  if (shape.kind === 'stream') {
    const before = process.cpuUsage();
    const seconds = await streams({ ...plan, shape }, source, tally);
    return tally.result(seconds, microsSince(before));
  }
  const connections = await open(plan.url, shape.connections);
  const driver = new Driver(connections, source, tally);
  try {
    const before = process.cpuUsage();
    const seconds =
      shape.kind === 'closed'
        ? await closedLoop(driver, connections, tally, plan.seconds)
        : await openLoop(driver, connections, tally, { ...plan, shape });
    return tally.result(seconds, microsSince(before));
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** @throws Error for what would be no load but an attack, or a mistake */
function check({ url, seconds, shape }: LoadPlan): void {
  const { hostname } = new URL(url);
  if (!['127.0.0.1', '[::1]', 'localhost'].includes(hostname))
    throw new Error(`${hostname} is not this machine`);
  inRange('seconds', seconds, MAX_SECONDS);
  inRange('connections', shape.connections, MAX_CONNECTIONS);
  if (shape.kind === 'open') inRange('requests a second', shape.perSecond, MAX_PER_SECOND);
}

function inRange(what: string, value: number, most: number): void {
  if (!(value > 0 && value <= most))
    throw new Error(`${what} must be above 0 and at most ${most}, not ${value}`);
}

async function open(url: string, count: number): Promise<HttpConnection[]> {
  const connections: HttpConnection[] = [];
  while (connections.length < count) {
    const length = Math.min(OPENED_AT_ONCE, count - connections.length);
    connections.push(...(await Promise.all(Array.from({ length }, () => HttpConnection.open(url)))));
  }
  return connections;
}

function microsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
