import type { DataSource, EntityManager, QueryDeepPartialEntity } from 'typeorm';
import type { AuditedAction } from '../../kernel/audited-actions.js';
import { idToUuid, type ProgrammeId } from '../../kernel/ids.js';
import type { Problem } from '../../kernel/problem.js';
import { ok, refuse, type Result } from '../../kernel/result.js';
import type { Instant } from '../../kernel/time.js';
import { appendAudit, recordDigest } from '../audit/audit.store.js';
import { CONFIG_RECORD } from '../audit/record-columns.js';
import { holdWrites } from '../database/write-barrier.store.js';
import type { ConfigSource } from './config-cache.js';
import { withdrawalOf } from './config-acts.js';
import { actsIn } from './config-acts.query.js';
import { lockVersions } from './config-lock.store.js';
import type { ConfigSnapshot } from './config-snapshot.js';
import { snapshotIn } from './config-snapshot.store.js';
import type { ConfigAct, ConfigAddress } from './config-act.js';
import { ConfigVersionEntity } from './config-version.entity.js';
import { draftRefusal, type DraftCondition } from './draft-tag.js';
import { ProgrammeEntity } from './programme.entity.js';
import { GateHolder, HeldPublication, type SaidPublication } from './publication-gate.js';

const DISCARDED = 'draft.discarded';

const VERSION = {
  record: CONFIG_RECORD,
  from: 'config_versions c WHERE c.programme_id = $1 AND c.kind = $2 AND c.key = $3 AND c.version = $4',
};

/** A draft in the transaction that publishes it. No other publication of the programme comes in between. */
export interface Publication {
  readonly draft: ConfigVersionEntity;
  /** The published versions of the same key that were not withdrawn, oldest first. */
  readonly published: readonly ConfigVersionEntity[];
  /** From when on the draft is to hold. */
  readonly effectiveAt: Instant;
  /** All that is published, without the draft. */
  readonly config: ConfigSnapshot;
  /** Reads in the same transaction. */
  readonly reader: Reader;
}

/** Runs a query. */
export type Reader = Pick<EntityManager, 'query'>;

/** What a kind of configuration asks of a draft beside its form, before it is published. */
export interface PublishCheck {
  readonly refusal: (publication: Publication) => Problem | null | Promise<Problem | null>;
  /** What else is written in the transaction of the publication, once it is not refused. */
  readonly alsoWrites?: (publication: Publication) => Promise<void>;
  /** Commands of all programmes wait until the publication is written: the check depends on what they write. */
  readonly holdsWrites?: boolean;
}

/** What a publication is held to. */
export interface PublishTerms {
  readonly check?: PublishCheck | undefined;
  readonly condition?: DraftCondition;
  readonly said?: SaidPublication;
}

/** Reads and writes versioned configuration; each change is audited in its own transaction. */
export class ConfigStore implements ConfigSource {
  constructor(
    private readonly dataSource: DataSource,
    private readonly gates: GateHolder = new GateHolder(),
  ) {}

  /** All published versions at one revision, read in one snapshot of the database. */
  async snapshot(programmeId: ProgrammeId): Promise<ConfigSnapshot | null> {
    return this.dataSource.transaction('REPEATABLE READ', (manager) => snapshotIn(manager, programmeId));
  }

  async versions(programmeId: ProgrammeId, kind: string, key?: string): Promise<ConfigVersionEntity[]> {
    const where = { programmeId: idToUuid(programmeId), kind, ...(key === undefined ? {} : { key }) };
    return this.dataSource
      .getRepository(ConfigVersionEntity)
      .find({ where, order: { key: 'ASC', version: 'ASC' } });
  }

  /** Adds the next version as a draft, or replaces the draft there is. */
  async saveDraft(
    act: ConfigAct,
    { kind, key }: ConfigAddress,
    body: object,
    condition: DraftCondition = {},
  ): Promise<Result<ConfigVersionEntity, Problem>> {
    return this.dataSource.transaction(async (manager) => {
      const versions = await lockVersions(manager, act.programmeId, { kind, key });
      const last = versions.at(-1);
      const changed = draftRefusal(condition, last?.status === 'draft' ? last : undefined);
      if (changed) return refuse(changed);
      const draft = manager.create(ConfigVersionEntity, {
        programmeId: idToUuid(act.programmeId),
        kind,
        key,
        version: last?.status === 'draft' ? last.version : (last?.version ?? 0) + 1,
        status: 'draft',
        effectiveAt: null,
        body: body as Record<string, unknown>,
        createdAt: new Date(act.now),
        createdBy: act.actor,
        publishedAt: null,
        publishedBy: null,
      });
      if (last?.status === 'draft') await update(manager, draft);
      else await manager.insert(ConfigVersionEntity, draft as QueryDeepPartialEntity<ConfigVersionEntity>);
      await this.audit(manager, act, 'draft.saved', draft, last?.status === 'draft' ? last.body : null);
      await this.gates.gate?.moved(manager, act, { kind, key });
      return ok(draft);
    });
  }

  /**
   * Publishes the draft, or holds it where the gate wants a second person; refuses null when there is none. Every process
   * sees a publication with its next decision.
   */
  async publish(
    act: ConfigAct,
    address: ConfigAddress,
    effectiveAt: Instant,
    { check, condition = {}, said = { body: {}, approves: null } }: PublishTerms = {},
  ): Promise<Result<ConfigVersionEntity | HeldPublication, Problem | null>> {
    return this.dataSource.transaction(async (manager) => {
      if (check?.holdsWrites === true) await holdWrites(manager);
      const versions = await lockVersions(manager, act.programmeId, address);
      const draft = versions.find(({ status }) => status === 'draft');
      const changed = draftRefusal(condition, draft);
      if (changed) return refuse(changed);
      if (!draft) return refuse(null);
      const acts = await actsIn(manager, act.programmeId, address);
      const published = versions.filter((one) => one.status === 'published' && !withdrawalOf(acts, one));
      const { gate } = this.gates;
      const config = check || gate ? await snapshotIn(manager, act.programmeId) : null;
      const publication = config && { draft, published, effectiveAt, config, reader: manager };
      const refusal = publication && (await check?.refusal(publication));
      if (refusal) return refuse(refusal);
      const before = published.at(-1);
      const asked = { act, draft, base: before ?? null, effectiveAt, said };
      const answer = config && (await gate?.answer(manager, { ...asked, config }));
      if (answer?.kind === 'refused') return refuse(answer.problem);
      if (answer?.kind === 'held') return ok(new HeldPublication(answer.request));
      if (publication) await check?.alsoWrites?.(publication);
      draft.status = 'published';
      draft.effectiveAt = new Date(effectiveAt);
      draft.publishedAt = new Date(act.now);
      draft.publishedBy = act.actor;
      await update(manager, draft);
      await manager.increment(ProgrammeEntity, { programmeId: draft.programmeId }, 'configRevision', 1);
      await this.audit(
        manager,
        act,
        'published',
        draft,
        before ? publishedView(before) : null,
        publishedView(draft),
      );
      await answer?.published?.();
      await gate?.moved(manager, act, address);
      return ok(draft);
    });
  }

  /** @returns whether there was a draft. */
  async discardDraft(
    act: ConfigAct,
    { kind, key }: ConfigAddress,
    condition: DraftCondition = {},
  ): Promise<Result<boolean, Problem>> {
    return this.dataSource.transaction(async (manager) => {
      const versions = await lockVersions(manager, act.programmeId, { kind, key });
      const draft = versions.find(({ status }) => status === 'draft');
      const changed = draftRefusal(condition, draft);
      if (changed) return refuse(changed);
      if (!draft) return ok(false);
      await this.audit(manager, act, DISCARDED, { ...draft, body: {} }, draft.body);
      await manager.remove(draft);
      await this.gates.gate?.moved(manager, act, { kind, key });
      return ok(true);
    });
  }

  private async audit(
    manager: EntityManager,
    act: ConfigAct,
    action: AuditedAction,
    { kind, key, version, body }: Pick<ConfigVersionEntity, 'kind' | 'key' | 'version' | 'body'>,
    before: unknown,
    after: unknown = body,
  ): Promise<void> {
    const programmeId = idToUuid(act.programmeId);
    const discarded = action === DISCARDED;
    await appendAudit(manager, {
      auditId: idToUuid(act.ids.next('adt')),
      programmeId,
      at: new Date(act.now),
      actor: act.actor,
      action,
      subject: `${kind}/${key}@${version}`,
      before,
      after,
      record: discarded ? null : await recordDigest(manager, VERSION, [programmeId, kind, key, version]),
    });
  }
}

/** Without TypeORM's look at what has changed: it asks the objects in a body for their `hasOwnProperty`. */
async function update(manager: EntityManager, version: ConfigVersionEntity): Promise<void> {
  const { programmeId, kind, key, version: number, ...columns } = version;
  const values = columns as QueryDeepPartialEntity<ConfigVersionEntity>;
  await manager.update(ConfigVersionEntity, { programmeId, kind, key, version: number }, values);
}

function publishedView({ effectiveAt, body }: ConfigVersionEntity): object {
  return { effectiveAt: effectiveAt?.toISOString() ?? null, definition: body };
}
