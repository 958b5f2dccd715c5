import { Body, Delete, Get, HttpCode, Inject, Param, Post, Put, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Answers, AnswersNothing } from '../http/answers.js';
import { CurrentCaller, Scopes, type Caller, type Scope } from '../http/caller.js';
import { addPauses, addWithdrawal } from './config-act-routes.js';
import {
  adder,
  ENDPOINT,
  shown,
  summary,
  type ConfigHooks,
  type Controller,
  type Places,
} from './config-controller.js';
import { ConfigEndpoint } from './config-endpoint.js';
import { PublishDto } from './config-requests.dto.js';
import type { AnyConfigKind } from './config-snapshot.js';
import { DraftConditions, namesIfMatch, namesIfNoneMatch } from './draft-conditions.js';
import type { DraftCondition } from './draft-tag.js';
import { versionDiff } from './version-diff.js';

export type { ConfigHooks } from './config-controller.js';

export interface ConfigKindRoutes<D, P> {
  readonly kind: AnyConfigKind;
  /** The key where there is one definition; absent where each has an id in the path. */
  readonly key?: string;
  /** The answers' schemas are this with `Version`, `Versions` and `History` behind it. */
  readonly schema: string;
  readonly dto: new () => D & object;
  readonly publishDto?: new () => P & PublishDto;
  readonly readers: readonly Scope[];
  /** Whether a definition can be stopped at once, and go on again. */
  readonly pausable?: true;
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

/**
 * Gives a controller the routes of a kind of versioned configuration: list, versions (where definitions have ids),
 * what differs between two, draft, publish, discard, withdraw, and pause where a kind can be paused. The methods stand on
 * the controller's own prototype, as if written there.
 */
export function ConfigRoutes<D, P = PublishDto>(routes: ConfigKindRoutes<D, P>) {
  const { kind, key, schema, dto, publishDto = PublishDto, readers, summaries } = routes;
  const { publish = 'Publish the draft from an instant on' } = summaries;
  const path = (rest: string) => (key === undefined ? `:id/${rest}` : rest);
  const address = (id: string | undefined) => ({ kind: kind.name, key: key ?? id ?? '' });
  const caller = [CurrentCaller(), Object] as const;
  const id: Places = key === undefined ? [[Param('id'), String]] : [];
  const reads = Scopes(...readers);
  const conditions = [DraftConditions(), Object] as const;
  const reply = [Res({ passthrough: true }), Object] as const;

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
    const saveDraft = async function (
      this: Controller<D, P>,
      by: Caller,
      body: D,
      condition: DraftCondition,
      to: FastifyReply,
      named?: string,
    ) {
      const definition = await this.definitionOf(body, by);
      const draft = await this[ENDPOINT].saveDraft(by, address(named), definition, condition);
      if (draft.etag !== null) to.header('ETag', draft.etag);
      return draft;
    };
    const publishDraft = async function (
      this: Controller<D, P>,
      by: Caller,
      body: P,
      condition: DraftCondition,
      to: FastifyReply,
      named?: string,
    ) {
      const held = { check: await this.publishCheck?.(by, body), condition };
      const answer = await this[ENDPOINT].publish(by, address(named), body as P & PublishDto, held);
      return shown(answer, to);
    };
    const discard = function (this: Controller<D, P>, by: Caller, condition: DraftCondition, named?: string) {
      return this[ENDPOINT].discardDraft(by, address(named), condition);
    };
    add('list', list, [caller], Get(), Answers(200, `${schema}Versions`), reads, summary(summaries.list));
    if (summaries.versions !== undefined) {
      const shown = [Answers(200, `${schema}History`), reads, summary(summaries.versions)];
      add('versions', versions, [caller, ...id], Get(':id'), ...shown);
    }
    const differs = [Get(path('versions/:from/diff/:to')), Answers(200, 'ConfigDiff'), reads];
    add('diff', diff, [caller, ...SIDES, ...id], ...differs, summary(DIFF_SUMMARY));
    const answers = Answers(200, `${schema}Version`);
    const drafted = [Put(path('draft')), answers, namesIfMatch, namesIfNoneMatch, summary(summaries.draft)];
    add('saveDraft', saveDraft, [caller, [Body(), dto], conditions, reply, ...id], ...drafted);
    const published = [Post(path('publish')), answers, AWAITS, namesIfMatch, HttpCode(200), summary(publish)];
    add('publish', publishDraft, [caller, [Body(), publishDto], conditions, reply, ...id], ...published);
    const discarded = [AnswersNothing(), namesIfMatch, HttpCode(204), summary('Discard the draft')];
    add('discard', discard, [caller, conditions, ...id], Delete(path('draft')), ...discarded);
    const parts = { id, reads, answers, path, address };
    addWithdrawal(add, parts);
    if (routes.pausable) addPauses(add, parts);
  };
}

const SIDES: Places = [
  [Param('from'), String],
  [Param('to'), String],
];
/** Where the policy wants two persons for the kind. */
const AWAITS = Answers(202, 'ChangeRequest');
const DIFF_SUMMARY = 'What differs between two versions; `draft` in place of a number is the draft';
