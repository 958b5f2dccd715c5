import { Injectable } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { PublishDto } from './config-requests.dto.js';
import { CONFIG_ROUTES, type ConfigHooks, type ConfigKindRoutes } from './config-routes.js';

/** A kind of configuration that the engine has, with the controller that speaks for it. */
export interface OfferedKind {
  readonly routes: ConfigKindRoutes<object, PublishDto>;
  /** Of all its routes, such as `/v1/earning-rules`. */
  readonly path: string;
  readonly hooks: ConfigHooks<object, PublishDto>;
}

/** Every kind of configuration whose controller has `@ConfigRoutes`, found by that. */
@Injectable()
export class ConfigKinds {
  constructor(private readonly modules: ModulesContainer) {}

  /** By the name of the kind. */
  all(): ReadonlyMap<string, OfferedKind> {
    const controllers = [...this.modules.values()].flatMap(({ controllers: own }) => [...own.values()]);
    const offered = controllers.flatMap(({ metatype, instance }) => {
      const routes = metatype && (Reflect.getMetadata(CONFIG_ROUTES, metatype) as OfferedKind['routes']);
      if (!routes) return [];
      const path = `/${Reflect.getMetadata('path', metatype) as string}`;
      return [[routes.kind.name, { routes, path, hooks: instance as OfferedKind['hooks'] }] as const];
    });
    return new Map(offered);
  }
}
