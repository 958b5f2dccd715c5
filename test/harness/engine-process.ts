import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('./engine-process-main.ts', import.meta.url));
const LOADER = new URL('./register-typescript.mjs', import.meta.url).href;
const READY_LIMIT_MS = 120_000;

/** An engine in a process of its own, to be killed and to race with others. */
export interface EngineProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Ends it without a word, as a power cut would. */
  kill(): Promise<void>;
  /** Asks it to stop. @returns its exit code. */
  stop(): Promise<number | null>;
}

/** Starts an engine on a database; `environment` reaches `engine-process-main.ts`. */
export async function spawnEngine(
  databaseUrl: string,
  environment: Record<string, string> = {},
): Promise<EngineProcess> {
  const child = spawn(process.execPath, ['--import', LOADER, ENTRY], {
    env: { ...process.env, DATABASE_URL: databaseUrl, NODE_OPTIONS: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`engine did not start: ${output}`)), READY_LIMIT_MS);
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /READY (\S+)/.exec(output);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[1] as string);
    });
    void ended.then(() => reject(new Error(`engine ended: ${output}`)));
  });
  return {
    url,
    child,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    stop: async () => {
      child.kill('SIGTERM');
      return (await ended)[0];
    },
  };
}
