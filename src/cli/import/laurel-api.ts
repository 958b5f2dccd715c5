import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readLines } from '../../platform/http/ndjson.js';
import { messageOf } from './import-error.js';

/** Silence after which a connection counts as lost, in milliseconds. */
const SILENCE_MS = 60_000;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const MAX_JSON_BYTES = 16 * 1024 * 1024;
const BLOCK_CHARACTERS = 65_536;

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  /** The request was answered before, and this is the answer it got then. */
  readonly replayed: boolean;
}

/** A request that came to nothing. `passing`: the same request may do better in a while. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly passing: boolean,
    /** How long the server asked to wait, in milliseconds; null when it did not say. */
    readonly retryAfterMs: number | null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ApiError';
  }
}

/** Statuses that say "not now" rather than "no". */
export function isPassing(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

/** Laurel's HTTP API over a few connections that are kept open. */
export class LaurelApi {
  private readonly agent: HttpAgent;
  private readonly open: typeof httpRequest;

  constructor(
    private readonly base: URL,
    private readonly key: string,
    connections: number,
  ) {
    const secure = base.protocol === 'https:';
    this.agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: connections });
    this.open = secure ? httpsRequest : httpRequest;
  }

  close(): void {
    this.agent.destroy();
  }

  /** @throws ApiError when there is no answer, or one that says to come back */
  async json(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<ApiAnswer> {
    try {
      const request = this.start(method, path, 'application/json');
      const answered = responseOf(request);
      request.end(body === undefined ? undefined : JSON.stringify(body));
      const response = await answered;
      return passed(response, await jsonOf(response));
    } catch (error) {
      throw asApiError(error);
    }
  }

  /** An answer as text beside what it holds as JSON, null where it is none. @throws ApiError as `json` */
  async text(path: string): Promise<ApiAnswer & { readonly text: string }> {
    try {
      const request = this.start('GET', path, 'application/json');
      const answered = responseOf(request);
      request.end();
      const response = await answered;
      const text = await textOf(response);
      return { ...passed(response, jsonIn(text)), text };
    } catch (error) {
      throw asApiError(error);
    }
  }

  /**
   * Sends lines of NDJSON and yields the answers, one for each line in its order, while lines are still being
   * sent; neither side waits for the other to finish, and each slows the other down.
   *
   * @throws ApiError when the request is refused or the connection is cut; answers yielded until then hold
   */
  async *lines(path: string, lines: Iterable<string>): AsyncGenerator<unknown> {
    const request = this.start('POST', path, 'application/x-ndjson');
    try {
      const answered = responseOf(request);
      // A server that refuses early closes while we still write; its answer tells more than our broken pipe.
      pipeline(Readable.from(blocks(lines)), request).catch(() => undefined);
      const response = await answered;
      if (response.statusCode !== 200) {
        const { status, body } = passed(response, await jsonOf(response));
        throw new ApiError(`the server refused: ${status} ${problemText(body)}`, status >= 500, null);
      }
      for await (const line of readLines(response, MAX_ANSWER_BYTES)) yield JSON.parse(line.text);
    } catch (error) {
      throw asApiError(error);
    } finally {
      request.destroy();
    }
  }

  private start(method: string, path: string, type: string): ClientRequest {
    const url = new URL(this.base.pathname.replace(/\/$/, '') + path, this.base);
    const headers = { authorization: `Bearer ${this.key}`, 'content-type': type };
    const request = this.open(url, { method, headers, agent: this.agent });
    request.setTimeout(SILENCE_MS, () =>
      request.destroy(new Error(`no answer for ${SILENCE_MS / 1000} seconds`)),
    );
    return request;
  }
}

/** A sentence for a person out of a problem document. */
export function problemText(body: unknown): string {
  const { code, detail, title } = (body ?? {}) as { code?: unknown; detail?: unknown; title?: unknown };
  const text = [detail, title].find((value) => typeof value === 'string' && value !== '') as
    string | undefined;
  return [code, text].filter((part) => typeof part === 'string').join(': ');
}

function responseOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    // Stays on: an error after the response shows in reading it. Without a listener it would end the process.
    request.on('error', reject);
  });
}

function passed(response: IncomingMessage, body: unknown): ApiAnswer {
  const status = response.statusCode ?? 0;
  if (!isPassing(status))
    return { status, body, replayed: response.headers['idempotency-replayed'] === 'true' };
  const seconds = Number(response.headers['retry-after']);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : null;
  throw new ApiError(`the server answered ${status} ${problemText(body)}`, true, wait);
}

async function jsonOf(response: IncomingMessage): Promise<unknown> {
  return jsonIn(await textOf(response));
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_JSON_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's error page, say: the status has to do.
    return null;
  }
}

/** Lines in blocks worth a packet. */
function* blocks(lines: Iterable<string>): Generator<string> {
  let block = '';
  for (const line of lines) {
    block += `${line}\n`;
    if (block.length < BLOCK_CHARACTERS) continue;
    yield block;
    block = '';
  }
  if (block !== '') yield block;
}

/** Whatever broke on the way - the connection, or an answer cut in the middle of a line - may pass. */
function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(messageOf(error), true, null, { cause: error });
}
