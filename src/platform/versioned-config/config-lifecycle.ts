import { defineProblems, type Problem } from '../../kernel/problem.js';
import { ok, refuse, type Result } from '../../kernel/result.js';
import { formatInstant, type Instant } from '../../kernel/time.js';
import type { ConfigVersionEntity } from './config-version.entity.js';
import type { ConfigAct, ConfigAddress, ConfigStore, PublishCheck } from './config.store.js';

export const configProblems = defineProblems({
  CONFIG_NOT_FOUND: { status: 404, title: 'No such configuration', zhHant: '沒有這項設定' },
  NO_DRAFT: { status: 409, title: 'There is no draft', zhHant: '沒有草稿' },
  EFFECTIVE_IN_PAST: { status: 422, title: 'The effective time is in the past', zhHant: '生效時間在過去' },
});

/** A version as the API shows it. */
export interface ConfigVersionView {
  readonly id: string;
  readonly version: number;
  readonly status: 'draft' | 'published';
  readonly effectiveAt: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly publishedAt: string | null;
  readonly publishedBy: string | null;
  readonly definition: Readonly<Record<string, unknown>>;
}

/** Draft -> published, the same for every kind of configuration. */
export class ConfigLifecycle {
  constructor(private readonly store: ConfigStore) {}

  async list(programmeId: ConfigAct['programmeId'], kind: string): Promise<readonly ConfigVersionView[]> {
    return (await this.store.versions(programmeId, kind)).map(view);
  }

  async versions(
    programmeId: ConfigAct['programmeId'],
    { kind, key }: ConfigAddress,
  ): Promise<Result<readonly ConfigVersionView[], Problem>> {
    const versions = await this.store.versions(programmeId, kind, key);
    if (versions.length > 0) return ok(versions.map(view));
    return refuse(configProblems.problem('CONFIG_NOT_FOUND', `There is no ${kind} ${key}.`));
  }

  async saveDraft(act: ConfigAct, address: ConfigAddress, definition: object): Promise<ConfigVersionView> {
    return view(await this.store.saveDraft(act, address, definition));
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
      check,
    }: { effectiveAt?: Instant; retroactive?: boolean; check?: PublishCheck | undefined },
  ): Promise<Result<ConfigVersionView, Problem>> {
    if (effectiveAt < act.now && !retroactive) {
      const detail = `effectiveAt is before ${formatInstant(act.now)}; send "retroactive": true to apply it to late receipts.`;
      const errors = [{ pointer: '/effectiveAt', code: 'EFFECTIVE_IN_PAST', detail }];
      return refuse(configProblems.problem('EFFECTIVE_IN_PAST', detail, { errors }));
    }
    const published = await this.store.publish(act, address, effectiveAt, check);
    return published.ok ? ok(view(published.value)) : refuse(published.refusal ?? noDraft(address));
  }

  async discardDraft(act: ConfigAct, address: ConfigAddress): Promise<Result<void, Problem>> {
    return (await this.store.discardDraft(act, address)) ? ok(undefined) : refuse(noDraft(address));
  }
}

function noDraft({ kind, key }: ConfigAddress): Problem {
  return configProblems.problem('NO_DRAFT', `There is no draft of ${kind} ${key}.`);
}

function view(entity: ConfigVersionEntity): ConfigVersionView {
  return {
    id: entity.key,
    version: entity.version,
    status: entity.status,
    effectiveAt: entity.effectiveAt?.toISOString() ?? null,
    createdAt: entity.createdAt.toISOString(),
    createdBy: entity.createdBy,
    publishedAt: entity.publishedAt?.toISOString() ?? null,
    publishedBy: entity.publishedBy,
    definition: entity.body,
  };
}
