import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { routeOfRequest } from './routes.js';
import { validated } from './validation.js';

/** What a route takes in a place of which its handler reads nothing. */
class NothingDto {}

/**
 * Refuses, by name, fields of a query or a body where the handler takes none, as `ValidationPipe` does where it takes
 * one: what would be ignored here (`dryRun`, say) may have been meant to keep the request from being done.
 * Routes that are open to everybody take what probes and scrapers add to their addresses.
 */
@Injectable()
export class NothingElseGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { scopes, query, body } = routeOfRequest(context);
    if (scopes === null) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (query === null && !isNothing(request.query)) validated(NothingDto, request.query);
    if (body !== null || isNothing(request.body)) return true;
    const { streams } = request.routeOptions.config as { readonly streams?: boolean };
    // A stream is read, and checked line by line, by its handler.
    if (!streams) validated(NothingDto, request.body);
    return true;
  }
}

/** Whether nothing was said: most requests end here, without a look at decorators. */
function isNothing(said: unknown): boolean {
  if (said === undefined) return true;
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return false;
  for (const name in said) if (Object.hasOwn(said, name)) return false;
  return true;
}
