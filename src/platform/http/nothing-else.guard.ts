import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { routeOfRequest } from './routes.js';
import { validated } from './validation.js';

/** What a route takes in a place of which its handler reads nothing. */
class NothingDto {}

/**
 * Refuses, by name, fields of a query or a body where the handler takes none, as `ValidationPipe` does where it takes
 * one: what would be ignored here (`dryRun`, say) may have been meant to keep the request from being done.
 * Routes that need no key take what probes and scrapers add to their addresses.
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

/** Whether the value is empty: most requests end here, without a look at decorators. */
function isNothing(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  for (const name in value) if (Object.hasOwn(value, name)) return false;
  return true;
}
