import { request, type Agent, type IncomingHttpHeaders } from 'node:http';

export interface HttpRequest {
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What came back; a reply that was cut off has what was read of it. */
export interface Reply {
  /** Null when not even the head came. */
  readonly status: number | null;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** What went wrong; null for a reply that is complete. */
  readonly error: string | null;
}

/** Longer than a command is tried while the database is away, so that the engine speaks first. */
const PATIENCE_MS = 120_000;

/** Posts, and never rejects: what went wrong on the way is what this is about. */
export function send(agent: Agent, url: string, { path, body, headers }: HttpRequest): Promise<Reply> {
  return new Promise((resolve) => {
    let status: number | null = null;
    let received: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    const end = (error: string | null) => {
      clearTimeout(timer);
      resolve({ status, headers: received, text: Buffer.concat(chunks).toString(), error });
    };
    const length = Buffer.byteLength(body);
    const call = request(`${url}${path}`, {
      agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': length, ...headers },
    });
    const timer = setTimeout(() => call.destroy(new Error('no answer in time')), PATIENCE_MS);
    call.on('response', (response) => {
      status = response.statusCode ?? null;
      received = response.headers;
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', (error) => end(error.message));
      response.on('end', () => end(response.complete ? null : 'cut off'));
    });
    call.on('error', (error) => end(error.message));
    call.end(body);
  });
}
