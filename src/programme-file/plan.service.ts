import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { FieldError, Problem } from '../kernel/problem.js';
import { formatInstant, type Clock, type Instant } from '../kernel/time.js';
import type { Caller } from '../platform/http/caller.js';
import { instantOf } from '../platform/http/pagination.js';
import { invalid } from '../platform/http/validation.js';
import { CLOCK, DATA_SOURCE } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { configDiff } from '../platform/versioned-config/config-diff.js';
import { ConfigKinds, type OfferedKind } from '../platform/versioned-config/config-kinds.js';
import type { ConfigSnapshot, Published } from '../platform/versioned-config/config-snapshot.js';
import type { ConfigVersionEntity } from '../platform/versioned-config/config-version.entity.js';
import { ConfigStore } from '../platform/versioned-config/config.store.js';
import {
  definitionOf,
  isSameDefinition,
  refusalOf,
  wholeDefinition,
} from '../platform/versioned-config/unpublished.js';
import type { PlanProgrammeDto } from './plan.dto.js';
import type { PlannedDefinition, ProgrammePlan } from './plan.js';
import { readFile, type FileEntry } from './read-file.js';
import { SECTIONS } from './sections.js';

/** Faults named in one answer at most. */
const MAX_FAULTS = 50;
/** Where the file stands in the request. */
const FILE = '/programme';

interface Plan {
  readonly caller: Caller;
  readonly kinds: ReadonlyMap<string, OfferedKind>;
  readonly at: Instant;
  readonly body: PlanProgrammeDto;
}

type Ready = FileEntry & { readonly kind: OfferedKind; readonly definition: object };

/** What a file would change, without changing it: checked as drafts and as publications are. */
@Injectable()
export class ProgrammePlans {
  constructor(
    private readonly configs: ConfigCache,
    private readonly store: ConfigStore,
    private readonly kinds: ConfigKinds,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
  ) {}

  /** @throws ProblemException VALIDATION_FAILED with a pointer into the request for each fault of the file. */
  async plan(caller: Caller, body: PlanProgrammeDto): Promise<ProgrammePlan> {
    const at = instantOf(body.effectiveAt) ?? this.clock.now();
    const asked: Plan = { caller, kinds: this.kinds.all(), at, body };
    const config = await this.configs.current(caller.programmeId);
    const { entries, faults } = readFile(body.programme, config, asked.kinds);
    const ready: Ready[] = [];
    const all = [...faults];
    for (const entry of entries) {
      const made = await readyOf(entry, asked);
      if ('faults' in made) all.push(...made.faults);
      else ready.push(made);
    }
    if (all.length > 0) throw invalid(all.slice(0, MAX_FAULTS).map((fault) => under(FILE, fault)));
    const definitions = await this.compare(asked, config, ready);
    return {
      effectiveAt: formatInstant(at),
      definitions: definitions.filter(({ action }) => action !== 'keep'),
      unchanged: definitions.filter(({ action }) => action === 'keep').length,
      onlyHere: onlyHere(config, asked, entries),
    };
  }

  /** One after the other, each as if those before it were published. */
  private async compare(
    asked: Plan,
    published: ConfigSnapshot,
    entries: readonly Ready[],
  ): Promise<readonly PlannedDefinition[]> {
    const planned: PlannedDefinition[] = [];
    let config = published;
    for (const entry of entries) {
      const versions = await this.store.versions(
        asked.caller.programmeId,
        entry.kind.routes.kind.name,
        entry.key,
      );
      const one = await this.compareOne(asked, config, entry, versions);
      planned.push(one);
      if (one.action === 'keep') continue;
      const version = (versions.at(-1)?.version ?? 0) + 1;
      const next: Published<unknown> = {
        ...{ key: entry.key, version, effectiveAt: asked.at, publishedAt: asked.at },
        body: entry.definition,
      };
      config = config.withPublished(entry.kind.routes.kind.name, next);
    }
    return planned;
  }

  private async compareOne(
    asked: Plan,
    config: ConfigSnapshot,
    { section, key, pointer, kind: { routes, path }, definition }: Ready,
    versions: readonly ConfigVersionEntity[],
  ): Promise<PlannedDefinition> {
    const { at } = asked;
    const now = config.find(routes.kind, key, at);
    const changes = configDiff(
      now ? wholeDefinition(routes.kind, now.body) : {},
      wholeDefinition(routes.kind, definition),
    );
    const draft = versions.find(({ status }) => status === 'draft');
    const action = now === undefined ? 'create' : changes.length > 0 ? 'change' : 'keep';
    const later = config.beginsAfter(routes.kind, key, at);
    const { caller, body } = asked;
    const { membersDropped } = body;
    const refused =
      action === 'keep'
        ? null
        : await refusalOf(
            caller,
            {
              ...{ kind: asked.kinds.get(section.kind)!, key, definition, versions, config, effectiveAt: at },
              ...{ now: this.clock.now(), reader: this.dataSource.manager },
            },
            membersDropped === undefined ? {} : { membersDropped },
          );
    return {
      section: section.name,
      kind: section.kind,
      id: key,
      path: routes.key === undefined ? `${path}/${key}` : path,
      pointer: `${FILE}${pointer}`,
      action,
      changes,
      definition,
      draft: draft
        ? {
            createdBy: draft.createdBy,
            createdAt: draft.createdAt.toISOString(),
            isThis: isSameDefinition(routes.kind, draft.body, definition),
          }
        : null,
      replacedAt: later === null ? null : formatInstant(later),
      refusal: refused && refusalView(refused, `${FILE}${pointer}`),
    };
  }
}

/** An entry with its definition, or what is wrong with it. */
async function readyOf(
  entry: FileEntry,
  { kinds, caller }: Plan,
): Promise<Ready | { readonly faults: readonly FieldError[] }> {
  const kind = kinds.get(entry.section.kind);
  if (!kind) throw new Error(`no kind ${entry.section.kind}`);
  const made = await definitionOf(kind, entry.value, caller);
  if ('faults' in made) return { faults: made.faults.map((fault) => under(entry.pointer, fault)) };
  return { ...entry, kind, definition: made.definition };
}

function under(pointer: string, fault: FieldError): FieldError {
  return { ...fault, pointer: `${pointer}${fault.pointer}` };
}

function refusalView({ code, detail, errors = [] }: Problem, pointer: string): PlannedDefinition['refusal'] {
  return { code, detail, errors: errors.map((fault) => under(pointer, fault)) };
}

/** What is in force and not in the file: it stays as it is, for published versions are never deleted. */
function onlyHere(
  config: ConfigSnapshot,
  { kinds, at }: Plan,
  entries: readonly FileEntry[],
): ProgrammePlan['onlyHere'] {
  const named = new Set(entries.map(({ section, key }) => `${section.kind}/${key}`));
  return SECTIONS.flatMap(({ name, kind }) => {
    const found = kinds.get(kind)?.routes.kind;
    const inForce = found ? config.inForce(found, at) : [];
    return inForce
      .filter(({ key }) => !named.has(`${kind}/${key}`))
      .map(({ key }) => ({ section: name, kind, id: key }));
  });
}
