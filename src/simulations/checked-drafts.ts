import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { FieldError, Problem } from '../kernel/problem.js';
import type { Instant } from '../kernel/time.js';
import type { Caller } from '../platform/http/caller.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { invalid } from '../platform/http/validation.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { isConfigKey, NOT_A_KEY_DETAIL } from '../platform/versioned-config/config-endpoint.js';
import { ConfigKinds, type OfferedKind } from '../platform/versioned-config/config-kinds.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import type { ConfigVersionEntity } from '../platform/versioned-config/config-version.entity.js';
import { ConfigStore } from '../platform/versioned-config/config.store.js';
import { definitionOf, refusalOf } from '../platform/versioned-config/unpublished.js';
import { SIMULATED_KINDS, type SimulatedDraftDto } from './simulation.dto.js';
import type { SimulatedDraft } from './simulation.store.js';

/** A draft with where it stands in the request. */
interface Named {
  readonly kind: OfferedKind;
  readonly key: string;
  readonly pointer: string;
  readonly definition: object;
  readonly versions: readonly ConfigVersionEntity[];
}

/** Holds the drafts of a simulation to what their publication would be held to. */
@Injectable()
export class CheckedDrafts {
  constructor(
    private readonly kinds: ConfigKinds,
    private readonly store: ConfigStore,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
  ) {}

  /**
   * @param config all that is published.
   * @throws ProblemException what a publication would be refused for, with pointers into the request.
   */
  async check(
    caller: Caller,
    drafts: readonly SimulatedDraftDto[],
    published: ConfigSnapshot,
    now: Instant,
  ): Promise<readonly SimulatedDraft[]> {
    const kinds = this.kinds.all();
    const named: Named[] = [];
    const faults: FieldError[] = [];
    for (const [index, draft] of drafts.entries()) {
      const made = await this.named(caller, draft, kinds.get(draft.kind) as OfferedKind, `/drafts/${index}`);
      if ('faults' in made) faults.push(...made.faults);
      else if (named.some(({ kind, key }) => kind === made.kind && key === made.key))
        faults.push(fault(`/drafts/${index}`, 'NAMED_TWICE', `${draft.kind} ${made.key} is there twice.`));
      else named.push(made);
    }
    if (faults.length > 0) throw invalid(faults);
    await this.requirePublishable(caller, named, published, now);
    return named.map(({ kind, key, definition }) => ({ kind: kind.routes.kind.name, id: key, definition }));
  }

  /** Each as if those before it were published, what others name before them. */
  private async requirePublishable(
    caller: Caller,
    named: readonly Named[],
    published: ConfigSnapshot,
    now: Instant,
  ): Promise<void> {
    const place = ({ kind }: Named) => SIMULATED_KINDS.findIndex((name) => name === kind.routes.kind.name);
    let config = published;
    for (const one of [...named].sort((a, b) => place(a) - place(b))) {
      const { kind, key, definition, versions, pointer } = one;
      const asked = { kind, key, definition, versions, config, effectiveAt: now, now };
      const refusal = await refusalOf(caller, { ...asked, reader: this.dataSource.manager });
      if (refusal) throw new ProblemException(pointedInto(refusal, `${pointer}/definition`));
      const version = (versions.at(-1)?.version ?? 0) + 1;
      const next = { key, version, effectiveAt: now, publishedAt: now, body: definition };
      config = config.withPublished(kind.routes.kind.name, next);
    }
  }

  private async named(
    caller: Caller,
    { kind: name, id, definition }: SimulatedDraftDto,
    kind: OfferedKind,
    pointer: string,
  ): Promise<Named | { readonly faults: readonly FieldError[] }> {
    const key = kind.routes.key ?? id;
    const refused = (code: string, detail: string) => ({ faults: [fault(`${pointer}/id`, code, detail)] });
    if (key === undefined) return refused('REQUIRED', `Say which ${name} it is.`);
    if (id !== undefined && id !== key)
      return refused('UNKNOWN_ID', `There is one ${name}, and its id is ${key}.`);
    if (!isConfigKey(key)) return refused('NOT_A_KEY', NOT_A_KEY_DETAIL);
    const versions = await this.store.versions(caller.programmeId, name, key);
    if (definition === undefined) {
      const saved = versions.find(({ status }) => status === 'draft');
      return saved
        ? { kind, key, pointer, versions, definition: saved.body }
        : refused('NO_DRAFT', `There is no draft of ${name} ${key}; save one, or give its definition here.`);
    }
    const made = await definitionOf(kind, definition, caller);
    if ('definition' in made) return { kind, key, pointer, versions, definition: made.definition };
    const at = `${pointer}/definition`;
    return { faults: made.faults.map((each) => ({ ...each, pointer: `${at}${each.pointer}` })) };
  }
}

function fault(pointer: string, code: string, detail: string): FieldError {
  return { pointer, code, detail };
}

function pointedInto(problem: Problem, pointer: string): Problem {
  const { errors = [], code, detail } = problem;
  const all = errors.length > 0 ? errors : [{ pointer: '', code, detail }];
  return { ...problem, errors: all.map((each) => ({ ...each, pointer: `${pointer}${each.pointer}` })) };
}
