import { Inject, Injectable, Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { IsNull, type DataSource, type EntityManager } from 'typeorm';
import type { AuditedAction } from '../kernel/audited-actions.js';
import { idToUuid, isId, uuidToId, type IdSource, type KeyId, type ProgrammeId } from '../kernel/ids.js';
import { sha256Hex } from '../kernel/sha256.js';
import type { Clock, Instant } from '../kernel/time.js';
import { appendAudit, recordDigest } from '../platform/audit/audit.store.js';
import { KEY_RECORD } from '../platform/audit/record-columns.js';
import type { Caller, KeyAuthenticator, Scope } from '../platform/http/caller.js';
import { CLOCK, DATA_SOURCE, IDS } from '../platform/tokens.js';
import { ApiKeyEntity } from './api-key.entity.js';

/** How long a key that was found good is trusted without asking again; a revocation takes this long at most. */
export const KEY_CACHE_MS = 5_000;
const CACHE_LIMIT = 10_000;
/** How often the use of a key is written down. */
export const KEY_USE_NOTED_MS = 300_000;

/** The longest name of a key, in characters. */
export const MAX_KEY_NAME = 100;

export interface NewKey {
  readonly programmeId: ProgrammeId;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt?: Instant | null;
  /** A key chosen by the operator; default: 256 random bits. */
  readonly key?: string;
}

/** API keys: 256 random bits need no slow hash, so SHA-256 finds a key by an index. */
@Injectable()
export class ApiKeyStore implements KeyAuthenticator {
  private readonly logger = new Logger(ApiKeyStore.name);
  private readonly trusted = new Map<string, { caller: Caller | null; until: Instant }>();
  /** Questions under way: however many requests wait for a key that is no longer trusted, it is asked for once. */
  private readonly asked = new Map<string, Promise<Caller | null>>();

  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  authenticate(key: string): Caller | null | Promise<Caller | null> {
    const now = this.clock.now();
    const text = sha256Hex(key);
    const known = this.trusted.get(text);
    if (known && known.until > now) return known.caller;
    const asked = this.asked.get(text);
    if (asked) return asked;
    const answer = this.ask(text, now).finally(() => this.asked.delete(text));
    this.asked.set(text, answer);
    return answer;
  }

  private async ask(text: string, now: Instant): Promise<Caller | null> {
    const hash = Buffer.from(text, 'hex');
    const entity = await this.dataSource.getRepository(ApiKeyEntity).findOneBy({ hash });
    const caller = entity && isLive(entity, now) ? toCaller(entity) : null;
    if (entity && caller) this.noteUse(entity, now);
    if (this.trusted.size >= CACHE_LIMIT) this.trusted.clear();
    const expiry = entity?.expiresAt?.getTime() ?? Infinity;
    this.trusted.set(text, { caller, until: caller ? Math.min(now + KEY_CACHE_MS, expiry) : now + 1000 });
    return caller;
  }

  /**
   * Makes a key.
   * @param actor the key that makes it, whose line it continues, or the tool on this machine, which begins a line.
   * @returns its text, which is not kept and cannot be shown again.
   */
  async create(
    wanted: NewKey,
    actor: string,
  ): Promise<{ readonly entity: ApiKeyEntity; readonly key: string }> {
    const key = wanted.key ?? newKeyText();
    const entity = await this.dataSource.transaction(async (manager) => {
      const keyId = idToUuid(this.ids.next('key'));
      const created = manager.create(ApiKeyEntity, {
        keyId,
        programmeId: idToUuid(wanted.programmeId),
        name: wanted.name,
        scopes: [...wanted.scopes],
        hash: Buffer.from(sha256Hex(key), 'hex'),
        hint: key.slice(0, 8),
        createdAt: new Date(this.clock.now()),
        createdBy: actor,
        lineKeyId: isId('key', actor) ? await lineOf(manager, actor) : keyId,
        lastUsedAt: null,
        expiresAt: wanted.expiresAt ? new Date(wanted.expiresAt) : null,
        revokedAt: null,
      });
      await manager.insert(ApiKeyEntity, created);
      await this.audit(manager, created, actor, 'key.created');
      return created;
    });
    return { entity, key };
  }

  /** The line of each key of a programme, whether it is in use or not. */
  async lines(programmeId: ProgrammeId): Promise<ReadonlyMap<string, KeyId>> {
    const keys = await this.list(programmeId);
    return new Map(
      keys.map(({ keyId, lineKeyId }) => [uuidToId('key', keyId), uuidToId('key', lineKeyId)] as const),
    );
  }

  /** Whether the installation has any key; without one no caller can do anything. */
  async any(): Promise<boolean> {
    return this.dataSource.getRepository(ApiKeyEntity).exists();
  }

  async list(programmeId: ProgrammeId): Promise<readonly ApiKeyEntity[]> {
    const where = { programmeId: idToUuid(programmeId) };
    return this.dataSource.getRepository(ApiKeyEntity).find({ where, order: { keyId: 'ASC' } });
  }

  /**
   * Revokes a key for good.
   * @returns null when the programme has no such key; `last` when no other key could make keys for the programme then.
   */
  async revoke(programmeId: ProgrammeId, keyId: KeyId, actor: string): Promise<ApiKeyEntity | 'last' | null> {
    return this.dataSource.transaction(async (manager) => {
      const ofProgramme = { programmeId: idToUuid(programmeId), revokedAt: IsNull() };
      // Two revocations at once see each other, for both lock the keys that are left, in one order.
      const lock = { mode: 'pessimistic_write' } as const;
      const live = await manager.find(ApiKeyEntity, { where: ofProgramme, order: { keyId: 'ASC' }, lock });
      const uuid = idToUuid(keyId);
      const entity = live.find((key) => key.keyId === uuid);
      if (!entity)
        return manager.findOneBy(ApiKeyEntity, { programmeId: ofProgramme.programmeId, keyId: uuid });
      if (makesKeys(entity) && !live.some((key) => key !== entity && makesKeys(key))) return 'last';
      entity.revokedAt = new Date(this.clock.now());
      await manager.save(entity);
      await this.audit(manager, entity, actor, 'key.revoked');
      this.trusted.clear();
      return entity;
    });
  }

  /** Not waited for: the request goes on whether its key's use could be noted or not. */
  private noteUse({ keyId, lastUsedAt }: ApiKeyEntity, now: Instant): void {
    if (lastUsedAt && now - lastUsedAt.getTime() < KEY_USE_NOTED_MS) return;
    this.dataSource
      .getRepository(ApiKeyEntity)
      .update({ keyId }, { lastUsedAt: new Date(now) })
      .catch((error: unknown) => this.logger.warn(`the use of a key was not noted: ${String(error)}`));
  }

  private async audit(
    manager: EntityManager,
    entity: ApiKeyEntity,
    actor: string,
    action: AuditedAction & `key.${string}`,
  ): Promise<void> {
    const key = { record: KEY_RECORD, from: 'api_keys k WHERE k.key_id = $1' };
    await appendAudit(manager, {
      auditId: idToUuid(this.ids.next('adt')),
      programmeId: entity.programmeId,
      at: new Date(this.clock.now()),
      actor,
      action,
      subject: uuidToId('key', entity.keyId),
      before: null,
      after: { name: entity.name, scopes: entity.scopes, expiresAt: entity.expiresAt },
      subjectId: entity.keyId,
      record: await recordDigest(manager, key, [entity.keyId]),
    });
  }
}

/** A new key: 256 random bits. */
export function newKeyText(): string {
  return `lrl_${randomBytes(32).toString('base64url')}`;
}

function isLive({ revokedAt, expiresAt }: ApiKeyEntity, now: Instant): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt.getTime() > now);
}

/** Whether a key can make other keys, now and for good. */
function makesKeys({ scopes, expiresAt }: ApiKeyEntity): boolean {
  return scopes.includes('keys') && expiresAt === null;
}

function toCaller({ keyId, lineKeyId, programmeId, scopes }: ApiKeyEntity): Caller {
  return {
    keyId: uuidToId('key', keyId),
    line: uuidToId('key', lineKeyId),
    programmeId: uuidToId('prg', programmeId),
    scopes,
  };
}

/** The line of a key that makes another; keys of other programmes make the first key of a new one. */
async function lineOf(manager: EntityManager, keyId: KeyId): Promise<string> {
  return (await manager.findOneByOrFail(ApiKeyEntity, { keyId: idToUuid(keyId) })).lineKeyId;
}
