import { randomUUID } from 'node:crypto';
import { checkExchange } from './answer-contract.js';
import type { Answer } from './answer.js';

export type { Answer } from './answer.js';

/** What would be done again if it were sent again without a name. */
const REPEATING = /^\/v1\/(redemptions|transfers|adjustments)(\?|$)|\/(reverse|reinstate)(\?|$)/;

/** Talks to an engine over HTTP with one key, and holds what it hears to the API's document. */
export class ApiClient {
  constructor(
    readonly url: string,
    readonly key: string | null,
    /** The key of another line, for what takes two. */
    readonly second: ApiClient | null = null,
  ) {}

  async get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  /** Like a till, names by a key whatever would be done twice if it were sent twice; unless the test names it. */
  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const hasKey = Object.keys(headers).some((name) => name.toLowerCase() === 'idempotency-key');
    const named = hasKey || (body as { externalId?: unknown } | null)?.externalId;
    if (named || !REPEATING.test(path)) return this.send('POST', path, body, headers);
    return this.send('POST', path, body, { ...headers, 'idempotency-key': `named-${randomUUID()}` });
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.send('PUT', path, body);
  }

  patch(path: string, body: unknown): Promise<Answer> {
    return this.send('PATCH', path, body);
  }

  delete(path: string): Promise<Answer> {
    return this.send('DELETE', path);
  }

  /** Sends text as it is, with a content type. */
  async raw(method: string, path: string, text: string, contentType: string): Promise<Answer> {
    return this.request(method, path, { body: text, headers: { 'content-type': contentType } });
  }

  /** Sends JSON, or nothing. */
  send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    if (body === undefined) return this.request(method, path, { headers });
    const json = { 'content-type': 'application/json', ...headers };
    return this.request(method, path, { body: JSON.stringify(body), headers: json });
  }

  private async request(method: string, path: string, init: RequestInit): Promise<Answer> {
    const headers = new Headers(init.headers);
    if (this.key !== null) headers.set('authorization', `Bearer ${this.key}`);
    const response = await fetch(`${this.url}${path}`, { ...init, method, headers });
    const text = await response.text();
    const isJson =
      /json$|json;/.test(response.headers.get('content-type') ?? '') &&
      !response.headers.get('content-type')?.includes('ndjson');
    const answer: Answer = {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text ? JSON.parse(text) : text,
    };
    const sent = typeof init.body === 'string' ? init.body : undefined;
    checkExchange({ method, path, body: sent, type: headers.get('content-type') }, answer);
    return answer;
  }
}
