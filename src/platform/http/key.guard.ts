import { Inject, Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { KEY_AUTHENTICATOR } from '../tokens.js';
import { requireScope, type Caller, type KeyAuthenticator, type Scope } from './caller.js';
import { ProblemException } from './problem.exception.js';
import { pathOf } from './problem.filter.js';
import { httpProblems } from './problems.js';
import { routeOfRequest } from './routes.js';

type Asked = FastifyRequest & { caller?: Caller };

/** So much of a key that was not found stands in the log, as it stands in the list of keys. */
const HINT = 8;

/** Admits keys with a scope of the route: no valid key is 401, a wrong scope 403. */
@Injectable()
export class KeyGuard implements CanActivate {
  private readonly logger = new Logger(KeyGuard.name);

  constructor(@Inject(KEY_AUTHENTICATOR) private readonly keys: KeyAuthenticator) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const { scopes } = routeOfRequest(context);
    if (!scopes) return true;
    const request = context.switchToHttp().getRequest<Asked>();
    const key = keyOf(request);
    const caller = key === null ? null : this.keys.authenticate(key);
    return caller instanceof Promise
      ? caller.then((found) => this.letIn(request, key, found, scopes))
      : this.letIn(request, key, caller, scopes);
  }

  private letIn(request: Asked, key: string | null, caller: Caller | null, scopes: readonly Scope[]): true {
    if (!caller) {
      this.refused('a request had no valid key', request, key === null ? null : key.slice(0, HINT));
      const detail = 'Send a valid key as "Authorization: Bearer <key>" or "X-API-Key: <key>".';
      throw new ProblemException(httpProblems.problem('UNAUTHENTICATED', detail));
    }
    try {
      requireScope(caller, scopes);
    } catch (error) {
      this.refused('a key lacked the scope', request, caller.keyId);
      throw error;
    }
    request.caller = caller;
    return true;
  }

  /** Refusals leave a trace: a key that is tried again and again is found by the address it comes from. */
  private refused(message: string, request: FastifyRequest, key: string | null): void {
    const { id: requestId, method, url, ip } = request;
    this.logger.warn({ message, requestId, method, path: pathOf(url), ip, key });
  }
}

function keyOf({ headers }: FastifyRequest): string | null {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '');
  if (bearer) return bearer[1] ?? null;
  const header = headers['x-api-key'];
  return typeof header === 'string' && header !== '' ? header : null;
}
