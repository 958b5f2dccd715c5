import { applyDecorators } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { RequestClass } from '../http/body-schemas.js';
import type { Caller } from '../http/caller.js';
import type { WithdrawCheck } from './config-acts.store.js';
import type { ConfigEndpoint } from './config-endpoint.js';
import type { ConfigVersionView } from './config-lifecycle.js';
import type { PublishDto } from './config-requests.dto.js';
import type { PublishCheck } from './config.store.js';
import { HeldPublication } from './publication-gate.js';

/** What a kind of configuration does by itself; all else about its routes is the same for every kind. */
export interface ConfigHooks<D, P = PublishDto> {
  /** The definition with all its defaults. @throws ProblemException where the draft is refused */
  definitionOf(body: D, caller: Caller): object | Promise<object>;
  /** What the draft must meet before it is published. */
  publishCheck?(caller: Caller, body: P): PublishCheck | Promise<PublishCheck>;
  /** What a planned version must meet before it is taken back. */
  withdrawCheck?(caller: Caller): WithdrawCheck | Promise<WithdrawCheck>;
  /** What the list shows beside each version. */
  listed?(caller: Caller, versions: readonly ConfigVersionView[]): Promise<readonly ConfigVersionView[]>;
}

/** Where `Inject` puts the endpoint on a controller. */
export const ENDPOINT = Symbol('config-endpoint');
export type Controller<D, P> = ConfigHooks<D, P> & { readonly [ENDPOINT]: ConfigEndpoint };
export type Places = readonly (readonly [ParameterDecorator, unknown])[];

/** What a publication answers: the version, or with 202 the request by which it waits for a second person. */
export function shown(answer: ConfigVersionView | HeldPublication, to: FastifyReply): object {
  if (!(answer instanceof HeldPublication)) return answer;
  to.status(202);
  return answer.request;
}

export const summary = (text: string) => ApiOperation({ summary: text });

/** Puts methods on a prototype with what their decorators would have written down. */
export function adder(prototype: object) {
  return (name: string, method: unknown, places: Places, ...decorators: MethodDecorator[]): void => {
    const descriptor = { value: method, writable: true, configurable: true };
    Object.defineProperty(method, 'name', { value: name });
    Object.defineProperty(prototype, name, descriptor);
    const types = places.map(([, type]) => type as RequestClass);
    Reflect.defineMetadata('design:paramtypes', types, prototype, name);
    for (const [index, [decorate]] of places.entries()) decorate(prototype, name, index);
    applyDecorators(...decorators)(prototype, name, descriptor);
  };
}
