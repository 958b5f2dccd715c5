import { Agent, request } from 'node:http';

export interface LoadResult {
  readonly answered: number;
  readonly seconds: number;
  /** Seconds, ascending. */
  readonly latencies: readonly number[];
}

export interface Load {
  readonly url: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** How many requests are under way at a time. */
  readonly connections: number;
  readonly seconds: number;
  body(): string;
}

/** Keeps `connections` requests under way for a while (a closed loop). @throws Error for any answer but 201. */
export async function run(load: Load): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections });
  const latencies: number[] = [];
  const started = performance.now();
  const end = started + load.seconds * 1000;
  const worker = async (): Promise<void> => {
    while (performance.now() < end) {
      const sent = performance.now();
      const status = await post(agent, load);
      if (status !== 201) throw new Error(`${load.url}${load.path} answered ${status}`);
      latencies.push((performance.now() - sent) / 1000);
    }
  };
  await Promise.all(Array.from({ length: load.connections }, worker));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  return { answered: latencies.length, seconds, latencies: latencies.sort((a, b) => a - b) };
}

function post(agent: Agent, load: Load): Promise<number> {
  return new Promise((resolve, reject) => {
    const { url, path, headers } = load;
    const text = load.body();
    const length = Buffer.byteLength(text);
    const call = request(
      `${url}${path}`,
      {
        agent,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'content-length': length },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      },
    );
    call.on('error', reject);
    call.end(text);
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
