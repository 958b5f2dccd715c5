import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { KEY_AUTHENTICATOR } from '../tokens.js';
import { REQUIRED_SCOPES, type Caller, type KeyAuthenticator, type Scope } from './caller.js';
import { ProblemException } from './problem.exception.js';
import { httpProblems } from './problems.js';

/** Lets in keys with a scope that the route asks for: no valid key is 401, the wrong scope 403. */
@Injectable()
export class KeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(KEY_AUTHENTICATOR) private readonly keys: KeyAuthenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const required = this.reflector.getAllAndOverride<Scope[] | undefined>(REQUIRED_SCOPES, targets);
    if (!required) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest & { caller?: Caller }>();
    const key = keyOf(request);
    const caller = key === null ? null : await this.keys.authenticate(key);
    if (!caller) {
      const detail = 'Send a valid key as "Authorization: Bearer <key>" or "X-API-Key: <key>".';
      throw new ProblemException(httpProblems.problem('UNAUTHENTICATED', detail));
    }
    if (!required.some((scope) => caller.scopes.includes(scope))) {
      const detail = `This needs a key with the scope ${required.join(' or ')}.`;
      throw new ProblemException(httpProblems.problem('FORBIDDEN', detail, { meta: { required } }));
    }
    request.caller = caller;
    return true;
  }
}

function keyOf({ headers }: FastifyRequest): string | null {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '');
  if (bearer) return bearer[1] ?? null;
  const header = headers['x-api-key'];
  return typeof header === 'string' && header !== '' ? header : null;
}
