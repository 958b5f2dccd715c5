import { spawn } from 'node:child_process';

/** The account of the operating system, by its numbers, under which a program runs. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** How a program ended: `code` is null when it could not be started or was killed. */
export interface Outcome {
  readonly code: number | null;
  /** Standard output and standard error together, cut to the last 16 KiB. */
  readonly output: string;
}

const OUTPUT_LIMIT = 16 * 1024;

/**
 * Runs a program to its end without a shell. Never rejects: failing to start is an outcome too.
 *
 * The working folder is `/` because our own may be one that account cannot enter.
 */
export function runProgram(program: string, args: string[], identity?: Identity): Promise<Outcome> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, args, {
      cwd: rootFolder(),
      env: serverEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...identityOptions(identity),
    });
    const collect = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-OUTPUT_LIMIT));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code) => resolve({ code, output: output.trim() }));
  });
}

/** The part of spawn's options that changes the account; nothing of it to keep our own. */
export function identityOptions(identity: Identity | undefined): Partial<Identity> {
  return identity === undefined ? {} : { uid: identity.uid, gid: identity.gid };
}

/**
 * The few variables PostgreSQL's programs need. An allow-list: PG* variables of the caller must not
 * redirect the server, and our secrets have no business in another process.
 */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'LD_LIBRARY_PATH'];
  const environment: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC' };
  for (const name of kept) if (process.env[name] !== undefined) environment[name] = process.env[name];
  return environment;
}

export function rootFolder(): string | undefined {
  return process.platform === 'win32' ? undefined : '/';
}
