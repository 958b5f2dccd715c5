import type { Problem } from '../../kernel/problem.js';
import { ok, refuse, type Result } from '../../kernel/result.js';
import { formatInstant, type Instant } from '../../kernel/time.js';
import { pausesOf, withdrawalOf, type ConfigActRecord, type Pause } from './config-acts.js';
import type { ConfigActStore, WithdrawCheck } from './config-acts.store.js';
import type { ConfigVersionEntity } from './config-version.entity.js';
import type { ConfigAct, ConfigAddress } from './config-act.js';
import type { ConfigStore, PublishTerms } from './config.store.js';
import { draftTag, type DraftCondition } from './draft-tag.js';
import { configProblems } from './problems.js';
import { HeldPublication } from './publication-gate.js';

/** A version as the API shows it. */
export interface ConfigVersionView {
  readonly id: string;
  readonly version: number;
  readonly status: 'draft' | 'published' | 'withdrawn';
  /** The version that it was written over, published or withdrawn; null for the first one. */
  readonly basedOn: number | null;
  /** Of a draft: the entity tag that `If-Match` names. */
  readonly etag: string | null;
  readonly effectiveAt: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly publishedAt: string | null;
  readonly publishedBy: string | null;
  /** When it was taken back before it took effect. */
  readonly withdrawnAt: string | null;
  readonly withdrawnBy: string | null;
  readonly definition: Readonly<Record<string, unknown>>;
}

/** Draft -> published, the same for every kind of configuration. */
export class ConfigLifecycle {
  constructor(
    private readonly store: ConfigStore,
    private readonly acts: ConfigActStore,
  ) {}

  async list(programmeId: ConfigAct['programmeId'], kind: string): Promise<readonly ConfigVersionView[]> {
    const acts = await this.acts.acts(programmeId, kind, null);
    return (await this.store.versions(programmeId, kind)).map((version) => view(version, acts));
  }

  async versions(
    programmeId: ConfigAct['programmeId'],
    { kind, key }: ConfigAddress,
  ): Promise<Result<readonly ConfigVersionView[], Problem>> {
    const versions = await this.store.versions(programmeId, kind, key);
    const acts = await this.acts.acts(programmeId, kind, key);
    if (versions.length > 0) return ok(versions.map((version) => view(version, acts)));
    return refuse(configProblems.problem('CONFIG_NOT_FOUND', `There is no ${kind} ${key}.`));
  }

  /** Adds a draft or replaces the one there is: whichever it is, where the request has no condition. */
  async saveDraft(
    act: ConfigAct,
    address: ConfigAddress,
    definition: object,
    condition: DraftCondition = {},
  ): Promise<Result<ConfigVersionView, Problem>> {
    const saved = await this.store.saveDraft(act, address, definition, condition);
    return saved.ok ? ok(view(saved.value)) : saved;
  }

  /**
   * Publishes the draft from `effectiveAt` (default: now). An instant in the past needs `retroactive`: it changes
   * how receipts that are posted late are evaluated, never what was granted already.
   */
  async publish(
    act: ConfigAct,
    address: ConfigAddress,
    {
      effectiveAt = act.now,
      retroactive = false,
      ...held
    }: {
      effectiveAt?: Instant;
      retroactive?: boolean;
    } & PublishTerms,
  ): Promise<Result<ConfigVersionView | HeldPublication, Problem>> {
    if (effectiveAt < act.now && !retroactive) {
      const detail = `effectiveAt is before ${formatInstant(act.now)}; send "retroactive": true to apply it to late receipts.`;
      const errors = [{ pointer: '/effectiveAt', code: 'EFFECTIVE_IN_PAST', detail }];
      return refuse(configProblems.problem('EFFECTIVE_IN_PAST', detail, { errors }));
    }
    const published = await this.store.publish(act, address, effectiveAt, held);
    if (!published.ok) return refuse(published.refusal ?? noDraft(address));
    return ok(published.value instanceof HeldPublication ? published.value : view(published.value));
  }

  async discardDraft(
    act: ConfigAct,
    address: ConfigAddress,
    condition: DraftCondition = {},
  ): Promise<Result<void, Problem>> {
    const discarded = await this.store.discardDraft(act, address, condition);
    if (!discarded.ok) return discarded;
    return discarded.value ? ok(undefined) : refuse(noDraft(address));
  }

  /** Takes a published version back that is not in force yet. */
  async withdraw(
    act: ConfigAct,
    address: ConfigAddress,
    version: number,
    { note, ...held }: { note: string | null; clock: () => Instant; check?: WithdrawCheck | undefined },
  ): Promise<Result<ConfigVersionView, Problem>> {
    const withdrawn = await this.acts.withdraw(act, address, version, note, held);
    if (!withdrawn.ok) return withdrawn;
    return ok(view(withdrawn.value, await this.acts.acts(act.programmeId, address.kind, address.key)));
  }

  /** Stops every version of a key, or lets them go on, from now on. */
  async turn(
    act: ConfigAct,
    address: ConfigAddress,
    towards: 'paused' | 'resumed',
    { note, clock }: { note: string | null; clock: () => Instant },
  ): Promise<Result<PauseView, Problem>> {
    const turned = await this.acts.turn(act, address, towards, note, clock);
    return turned.ok ? ok(pauseView(turned.value)) : turned;
  }

  async pauses(
    programmeId: ConfigAct['programmeId'],
    address: ConfigAddress,
  ): Promise<Result<readonly PauseView[], Problem>> {
    const versions = await this.versions(programmeId, address);
    if (!versions.ok) return versions;
    const acts = await this.acts.acts(programmeId, address.kind, address.key);
    return ok(pausesOf(acts).map(pauseView));
  }
}

/** A pause as the API shows it; `until` is exclusive, null while it lasts. */
export interface PauseView extends Omit<Pause, 'kind' | 'key' | 'from' | 'until'> {
  readonly id: string;
  readonly from: string;
  readonly until: string | null;
}

function pauseView({ key, from, until, by, resumedBy, note }: Pause): PauseView {
  const end = until === null ? null : formatInstant(until);
  return { id: key, from: formatInstant(from), until: end, by, resumedBy, note };
}

function noDraft({ kind, key }: ConfigAddress): Problem {
  return configProblems.problem('NO_DRAFT', `There is no draft of ${kind} ${key}.`);
}

function view(entity: ConfigVersionEntity, acts: readonly ConfigActRecord[] = []): ConfigVersionView {
  const withdrawal = withdrawalOf(acts, entity);
  return {
    id: entity.key,
    version: entity.version,
    status: withdrawal ? 'withdrawn' : entity.status,
    basedOn: entity.version > 1 ? entity.version - 1 : null,
    etag: entity.status === 'draft' ? draftTag(entity) : null,
    effectiveAt: entity.effectiveAt?.toISOString() ?? null,
    createdAt: entity.createdAt.toISOString(),
    createdBy: entity.createdBy,
    publishedAt: entity.publishedAt?.toISOString() ?? null,
    publishedBy: entity.publishedBy,
    withdrawnAt: withdrawal ? formatInstant(withdrawal.at) : null,
    withdrawnBy: withdrawal?.by ?? null,
    definition: entity.body,
  };
}
