import type { ExecutionContext } from '@nestjs/common';
import { PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { RequestClass } from './body-schemas.js';
import { REQUIRED_SCOPES, type Scope } from './caller.js';

/** What a route takes, as its decorators say it. */
export interface Route {
  /** Any one of these is enough; null for a route that needs no key. */
  readonly scopes: readonly Scope[] | null;
  readonly body: RequestClass | null;
  readonly query: RequestClass | null;
}

type Controller = RequestClass;

/** Every route of a controller, by the name of its method. */
export function routesOf(controller: Controller): ReadonlyMap<string, Route> {
  const prototype = controller.prototype as Readonly<Record<string, object>>;
  const handlers = Object.getOwnPropertyNames(prototype).filter(
    (name) => typeof prototype[name] === 'function' && Reflect.hasMetadata(PATH_METADATA, prototype[name]),
  );
  return new Map(handlers.map((name) => [name, routeOf(controller, name)]));
}

/** What one method of a controller takes. */
export function routeOf(controller: Controller, name: string): Route {
  const prototype = controller.prototype as Readonly<Record<string, object>>;
  const scopesOf = (of: object) => Reflect.getMetadata(REQUIRED_SCOPES, of) as readonly Scope[] | undefined;
  const types = (Reflect.getMetadata('design:paramtypes', prototype, name) ?? []) as readonly RequestClass[];
  const places = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Readonly<
    Record<string, { readonly index: number }>
  >;
  const typeAt = (place: RouteParamtypes): RequestClass | null => {
    const [found] = Object.entries(places).filter(([key]) => key.startsWith(`${place}:`));
    return (found && types[found[1].index]) ?? null;
  };
  return {
    scopes: scopesOf(prototype[name] as object) ?? scopesOf(controller) ?? null,
    body: typeAt(RouteParamtypes.BODY),
    query: typeAt(RouteParamtypes.QUERY),
  };
}

/** Decorators say the same for every request, and are read once. By controller, for two may share a method. */
const KNOWN = new WeakMap<object, Map<object, Route>>();

/** The route of the request that is being handled. */
export function routeOfRequest(context: ExecutionContext): Route {
  const controller = context.getClass();
  const handler = context.getHandler();
  const routes = KNOWN.get(controller) ?? new Map<object, Route>();
  const known = routes.get(handler);
  if (known) return known;
  const route = routeOf(controller, handler.name);
  KNOWN.set(controller, routes.set(handler, route));
  return route;
}
