import { applyDecorators, Body, Delete, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Answers, AnswersNothing } from '../http/answers.js';
import type { RequestClass } from '../http/body-schemas.js';
import { CurrentCaller, Scopes, type Caller, type Scope } from '../http/caller.js';
import { ConfigEndpoint } from './config-endpoint.js';
import type { ConfigVersionView } from './config-lifecycle.js';
import { PublishDto } from './config-requests.dto.js';
import type { AnyConfigKind } from './config-snapshot.js';
import type { PublishCheck } from './config.store.js';
import { versionDiff } from './version-diff.js';

/** What a kind of configuration does by itself; all else about its routes is the same for every kind. */
export interface ConfigHooks<D, P = PublishDto> {
  /** The definition with all its defaults. @throws ProblemException where the draft is refused */
  definitionOf(body: D, caller: Caller): object | Promise<object>;
  /** What the draft must meet before it is published. */
  publishCheck?(caller: Caller, body: P): PublishCheck | Promise<PublishCheck>;
  /** What the list shows beside each version. */
  listed?(caller: Caller, versions: readonly ConfigVersionView[]): Promise<readonly ConfigVersionView[]>;
}

export interface ConfigKindRoutes<D, P> {
  readonly kind: AnyConfigKind;
  /** The key where there is one definition; absent where each has an id in the path. */
  readonly key?: string;
  /** The answers' schemas are this with `Version`, `Versions` and `History` behind it. */
  readonly schema: string;
  readonly dto: new () => D & object;
  readonly publishDto?: new () => P & PublishDto;
  readonly readers: readonly Scope[];
  readonly summaries: {
    readonly list: string;
    /** Needed where definitions have ids. */
    readonly versions?: string;
    readonly draft: string;
    readonly publish?: string;
  };
}

/** Where a controller keeps what its kind of configuration says of itself. */
export const CONFIG_ROUTES = 'laurel:config-routes';

const ENDPOINT = Symbol('config-endpoint');
type Controller<D, P> = ConfigHooks<D, P> & { readonly [ENDPOINT]: ConfigEndpoint };
type Places = readonly (readonly [ParameterDecorator, unknown])[];

/**
 * Gives a controller the routes of a kind of versioned configuration: list, versions (where definitions have ids),
 * what differs between two, draft, publish, discard. The methods stand on the controller's own prototype, as if written there.
 */
export function ConfigRoutes<D, P = PublishDto>(routes: ConfigKindRoutes<D, P>) {
  const { kind, key, schema, dto, publishDto = PublishDto, readers, summaries } = routes;
  const { publish = 'Publish the draft from an instant on' } = summaries;
  const path = (rest: string) => (key === undefined ? `:id/${rest}` : rest);
  const address = (id: string | undefined) => ({ kind: kind.name, key: key ?? id ?? '' });
  const caller = [CurrentCaller(), Object] as const;
  const id: Places = key === undefined ? [[Param('id'), String]] : [];
  const reads = Scopes(...readers);

  return (controller: abstract new (...args: never[]) => ConfigHooks<D, P>): void => {
    const prototype = controller.prototype as object;
    Inject(ConfigEndpoint)(prototype, ENDPOINT);
    Reflect.defineMetadata(CONFIG_ROUTES, routes, controller);
    const add = adder(prototype);

    const list = async function (this: Controller<D, P>, by: Caller) {
      const all = await this[ENDPOINT].list(by, kind.name);
      return this.listed ? { ...all, data: await this.listed(by, all.data) } : all;
    };
    const versions = function (this: Controller<D, P>, by: Caller, named: string) {
      return this[ENDPOINT].versions(by, address(named));
    };
    const diff = async function (
      this: Controller<D, P>,
      by: Caller,
      from: string,
      to: string,
      named?: string,
    ) {
      const { data } = await this[ENDPOINT].versions(by, address(named));
      return versionDiff(kind, data, [from, to]);
    };
    const saveDraft = async function (this: Controller<D, P>, by: Caller, body: D, named?: string) {
      return this[ENDPOINT].saveDraft(by, address(named), await this.definitionOf(body, by));
    };
    const publishDraft = async function (this: Controller<D, P>, by: Caller, body: P, named?: string) {
      const check = await this.publishCheck?.(by, body);
      return this[ENDPOINT].publish(by, address(named), body as P & PublishDto, check);
    };
    const discard = function (this: Controller<D, P>, by: Caller, named?: string) {
      return this[ENDPOINT].discardDraft(by, address(named));
    };

    add('list', list, [caller], Get(), Answers(200, `${schema}Versions`), reads, summary(summaries.list));
    if (summaries.versions !== undefined) {
      const shown = [Answers(200, `${schema}History`), reads, summary(summaries.versions)];
      add('versions', versions, [caller, ...id], Get(':id'), ...shown);
    }
    const sides: Places = [
      [Param('from'), String],
      [Param('to'), String],
    ];
    const differs = [Get(path('versions/:from/diff/:to')), Answers(200, 'ConfigDiff'), reads];
    add('diff', diff, [caller, ...sides, ...id], ...differs, summary(DIFF_SUMMARY));
    const answers = Answers(200, `${schema}Version`);
    const drafted = [Put(path('draft')), answers, summary(summaries.draft)];
    add('saveDraft', saveDraft, [caller, [Body(), dto], ...id], ...drafted);
    const published = [Post(path('publish')), answers, HttpCode(200), summary(publish)];
    add('publish', publishDraft, [caller, [Body(), publishDto], ...id], ...published);
    const discarded = [Delete(path('draft')), AnswersNothing(), HttpCode(204), summary('Discard the draft')];
    add('discard', discard, [caller, ...id], ...discarded);
  };
}

const DIFF_SUMMARY = 'What differs between two versions; `draft` in place of a number is the draft';
const summary = (text: string) => ApiOperation({ summary: text });

/** Puts methods on a prototype with what their decorators would have written down. */
function adder(prototype: object) {
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
