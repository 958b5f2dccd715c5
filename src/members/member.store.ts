import { Inject, Injectable } from '@nestjs/common';
import {
  In,
  Not,
  QueryFailedError,
  type DataSource,
  type EntityManager,
  type QueryDeepPartialEntity,
} from 'typeorm';
import type { AuditedAction } from '../kernel/audited-actions.js';
import {
  idToUuid,
  uuidToId,
  type AccountId,
  type IdSource,
  type MemberId,
  type ProgrammeId,
} from '../kernel/ids.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import type { Instant, LocalDate } from '../kernel/time.js';
import { countAccount, openAccount } from '../platform/audit/account-roll.store.js';
import { appendAudit, recordDigest } from '../platform/audit/audit.store.js';
import { MEMBER_RECORD } from '../platform/audit/record-columns.js';
import { appendEvent } from '../platform/bus/event.store.js';
import { Prepared } from '../platform/database/prepared.js';
import { EXTERNAL_ID_TYPE, type Identity } from '../platform/http/identity.js';
import type { Target } from '../platform/pipeline/index.js';
import { DATA_SOURCE, IDS } from '../platform/tokens.js';
import { auditedChange } from './audited-change.js';
import { withStatus, type MemberStatus } from './domain/status-at.js';
import type { HouseholdRole } from './member-facts.js';
import { MemberIdentityEntity } from './member-identity.entity.js';
import { MemberEntity } from './member.entity.js';
import { memberProblems } from './problems.js';

export interface Member {
  readonly memberId: MemberId;
  /** The account that commands naming the member act on: of a merged one, the survivor's. */
  readonly accountId: AccountId;
  /** The account they were enrolled with, which has the history of the time before a household or a merge. */
  readonly homeAccountId: AccountId;
  /** Null for a member in no household. */
  readonly householdRole: HouseholdRole | null;
  readonly mergedInto: MemberId | null;
  readonly externalId: string | null;
  readonly identities: readonly Identity[];
  readonly status: MemberStatus;
  readonly enrolledAt: Instant;
  readonly birthDate: LocalDate | null;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export type NewMember = Pick<Member, 'externalId' | 'identities' | 'enrolledAt' | 'birthDate' | 'attributes'>;

/** What may change about a member; absent fields stay. `identities` replaces the whole list. */
export interface MemberChanges {
  readonly birthDate?: LocalDate | null;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly externalId?: string | null;
  readonly identities?: readonly Identity[];
  readonly status?: OwnStatus;
}

/** The actor of a change of a member, and its time. */
export interface MemberAct {
  readonly now: Instant;
  /** The API key, or the tool. */
  readonly actor: string;
}

/** A status that a member's own change can give; members are closed and merged by commands. */
export type OwnStatus = Exclude<MemberStatus, 'closed' | 'merged'>;

const RECORD = { record: MEMBER_RECORD, from: 'members m WHERE m.member_id = $1' };

const UNIQUE_VIOLATION = '23505';

const ACCOUNT_OF = new Prepared(
  'member-account',
  'SELECT m.account_id FROM members m WHERE m.member_id = $1 AND m.programme_id = $2',
);

/** Members and what they are known by. */
@Injectable()
export class MemberStore {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async find(programmeId: ProgrammeId, target: Target): Promise<Member | null> {
    const programme = idToUuid(programmeId);
    const { manager } = this.dataSource;
    if (target.kind === 'identity') {
      const where = { programmeId: programme, type: target.type, value: target.value };
      const identity = await manager.findOneBy(MemberIdentityEntity, where);
      return identity ? this.load(manager, programme, identity.memberId) : null;
    }
    return this.load(manager, programme, idToUuid(target.id));
  }

  /** The account that commands naming the member act on; null where there is no such member. */
  async accountOf(programmeId: ProgrammeId, memberId: MemberId): Promise<AccountId | null> {
    const [row] = await ACCOUNT_OF.rows(this.dataSource, [idToUuid(memberId), idToUuid(programmeId)]);
    return row ? uuidToId('acc', row['account_id'] as string) : null;
  }

  async page(programmeId: ProgrammeId, limit: number, after?: MemberId): Promise<readonly Member[]> {
    const query = this.dataSource
      .getRepository(MemberEntity)
      .createQueryBuilder('m')
      .where('m.programme_id = :programme', { programme: idToUuid(programmeId) })
      .orderBy('m.member_id')
      .limit(limit);
    if (after) query.andWhere('m.member_id > :after', { after: idToUuid(after) });
    const members = await query.getMany();
    return Promise.all(members.map((member) => this.withIdentities(this.dataSource.manager, member)));
  }

  /** Opens a member and an account of their own. Refused with the existing id when known already. */
  async enrol(
    programmeId: ProgrammeId,
    member: NewMember,
    { now, actor }: MemberAct,
  ): Promise<Result<Member, Problem>> {
    const memberId = this.ids.next('mbr');
    const accountId = this.ids.next('acc');
    return this.refusingDuplicates(programmeId, memberId, member, () =>
      this.dataSource.transaction(async (manager) => {
        await manager.insert(MemberEntity, {
          memberId: idToUuid(memberId),
          programmeId: idToUuid(programmeId),
          accountId: idToUuid(accountId),
          homeAccountId: idToUuid(accountId),
          externalId: member.externalId,
          status: 'active',
          enrolledAt: new Date(member.enrolledAt),
          birthDate: member.birthDate,
          attributes: member.attributes as object,
          createdAt: new Date(now),
          updatedAt: new Date(now),
        });
        await openAccount(manager, { accountId, programmeId, memberId });
        await this.insertIdentities(manager, { programmeId, memberId, accountId }, member);
        const occurredAt = member.enrolledAt;
        const when = { occurredAt, recordedAt: now, actor };
        const data = { memberId, externalId: member.externalId };
        await this.announce(manager, { programmeId, accountId, memberId }, 'member.enrolled', when, data);
        await countAccount(manager, idToUuid(programmeId), idToUuid(accountId));
        const none = { householdRole: null, mergedInto: null };
        return {
          ...member,
          ...none,
          memberId,
          accountId,
          homeAccountId: accountId,
          status: 'active' as const,
        };
      }),
    );
  }

  /** Changes a member that exists. */
  async change(
    programmeId: ProgrammeId,
    memberId: MemberId,
    changes: MemberChanges,
    { now: asked, actor }: MemberAct,
  ): Promise<Result<Member, Problem>> {
    return this.refusingDuplicates(programmeId, memberId, changes, () =>
      this.withMember(programmeId, memberId, async (manager, entity) => {
        const before = await this.withIdentities(manager, entity);
        // A change that waited for another one is recorded after it: the last event tells of the row as it is.
        const now = Math.max(asked, entity.updatedAt.getTime());
        const { identities, externalId } = changes;
        entity.updatedAt = new Date(now);
        if (changes.birthDate !== undefined && changes.birthDate !== entity.birthDate) {
          entity.birthDate = changes.birthDate;
          entity.birthDateSince = new Date(now);
        }
        if (changes.attributes) entity.attributes = changes.attributes;
        // A closed membership stays closed, also one that was closed since it was looked at.
        if (changes.status !== undefined && !isOver(entity.status) && changes.status !== entity.status) {
          entity.statusChanges = withStatus(entity.statusChanges ?? [], entity.status, changes.status, now);
          entity.status = changes.status;
        }
        if (externalId !== undefined) entity.externalId = externalId;
        await manager.update(MemberEntity, { memberId: entity.memberId }, ownColumns(entity));
        const after = {
          externalId: entity.externalId,
          identities: identities ?? before.identities,
        };
        if (identities !== undefined || externalId !== undefined) {
          await this.deleteOwnIdentities(manager, entity.memberId, [before.externalId, after.externalId]);
          await this.insertIdentities(manager, { programmeId, memberId, accountId: before.accountId }, after);
        }
        const owner = { programmeId, accountId: before.accountId, memberId };
        const type =
          changes.status !== undefined && entity.status !== before.status
            ? STATUS_EVENTS[changes.status]
            : 'member.changed';
        const data = { memberId, status: entity.status };
        await this.announce(manager, owner, type, { occurredAt: now, recordedAt: now, actor }, data);
        const changed = await this.withIdentities(manager, entity);
        // Last, for every entry of a programme waits for the one before.
        await appendAudit(manager, {
          auditId: idToUuid(this.ids.next('adt')),
          programmeId: entity.programmeId,
          ...{ at: new Date(now), actor, action: type, subject: memberId, memberId: entity.memberId },
          ...auditedChange(before, changed),
          record: null,
        });
        return changed;
      }),
    );
  }

  /**
   * Acts on a member in a transaction that holds them. Their account is taken first, as it is in the pipeline, so
   * that a change and a command never wait for each other; a member who changed accounts meanwhile is taken anew.
   */
  private async withMember<T>(
    programmeId: ProgrammeId,
    memberId: MemberId,
    act: (manager: EntityManager, entity: MemberEntity) => Promise<T>,
  ): Promise<T> {
    const where = { programmeId: idToUuid(programmeId), memberId: idToUuid(memberId) };
    for (;;) {
      const { accountId } = await this.dataSource.manager.findOneByOrFail(MemberEntity, where);
      const done = await this.dataSource.transaction(async (manager) => {
        await manager.query('SELECT FROM accounts a WHERE a.account_id = $1 FOR UPDATE', [accountId]);
        const lock = { mode: 'pessimistic_write' } as const;
        const entity = await manager.findOneOrFail(MemberEntity, { where, lock });
        return entity.accountId === accountId ? { result: await act(manager, entity) } : null;
      });
      if (done) return done.result;
    }
  }

  /** All but the external ids that came with members who were merged into this one. */
  private async deleteOwnIdentities(
    manager: EntityManager,
    memberId: string,
    externalIds: readonly (string | null)[],
  ): Promise<void> {
    const own = externalIds.filter((externalId) => externalId !== null);
    await manager.delete(MemberIdentityEntity, { memberId, type: Not(EXTERNAL_ID_TYPE) });
    await manager.delete(MemberIdentityEntity, { memberId, type: EXTERNAL_ID_TYPE, value: In(own) });
  }

  private async announce(
    manager: EntityManager,
    owner: { programmeId: ProgrammeId; accountId: AccountId; memberId: MemberId },
    type: string,
    when: { readonly occurredAt: Instant; readonly recordedAt: Instant; readonly actor: string },
    data: Record<string, unknown>,
  ): Promise<void> {
    const digest = await recordDigest(manager, RECORD, [idToUuid(owner.memberId)]);
    const record = digest?.toString('hex');
    await appendEvent(
      manager,
      { ...owner, type, version: 1, ...when, data, ...(record && { record }) },
      this.ids,
    );
  }

  private async insertIdentities(
    manager: EntityManager,
    owner: { programmeId: ProgrammeId; memberId: MemberId; accountId: AccountId },
    { externalId, identities }: Pick<Member, 'externalId' | 'identities'>,
  ): Promise<void> {
    const all =
      externalId === null ? identities : [{ type: EXTERNAL_ID_TYPE, value: externalId }, ...identities];
    if (all.length === 0) return;
    const { programmeId, memberId, accountId } = owner;
    await manager.insert(
      MemberIdentityEntity,
      all.map(({ type, value }) => ({
        programmeId: idToUuid(programmeId),
        type,
        value,
        memberId: idToUuid(memberId),
        accountId: idToUuid(accountId),
      })),
    );
  }

  /** The unique key decides, not a look beforehand: two tills may enrol the same card at once. */
  private async refusingDuplicates<T>(
    programmeId: ProgrammeId,
    memberId: MemberId,
    wanted: { externalId?: string | null; identities?: readonly Identity[] },
    act: () => Promise<T>,
  ): Promise<Result<T, Problem>> {
    try {
      return ok(await act());
    } catch (error) {
      if (
        !(error instanceof QueryFailedError) ||
        (error.driverError as { code?: string }).code !== UNIQUE_VIOLATION
      ) {
        throw error;
      }
      const external = wanted.externalId ? [{ type: EXTERNAL_ID_TYPE, value: wanted.externalId }] : [];
      for (const { type, value } of [...external, ...(wanted.identities ?? [])]) {
        const found = await this.find(programmeId, { kind: 'identity', type, value });
        if (!found || found.memberId === memberId) continue;
        const detail = `${type} ${value} belongs to ${found.memberId}.`;
        const meta = { id: found.memberId, type, value };
        return refuse(memberProblems.problem('MEMBER_ALREADY_EXISTS', detail, { meta }));
      }
      throw error;
    }
  }

  private async load(manager: EntityManager, programmeId: string, memberId: string): Promise<Member | null> {
    const entity = await manager.findOneBy(MemberEntity, { programmeId, memberId });
    return entity && this.withIdentities(manager, entity);
  }

  private async withIdentities(manager: EntityManager, entity: MemberEntity): Promise<Member> {
    const order = { type: 'ASC', value: 'ASC' } as const;
    const identities = await manager.find(MemberIdentityEntity, {
      where: { memberId: entity.memberId },
      order,
    });
    return {
      memberId: uuidToId('mbr', entity.memberId),
      accountId: uuidToId('acc', await presentAccount(manager, entity)),
      homeAccountId: uuidToId('acc', entity.homeAccountId),
      householdRole: entity.householdRole,
      mergedInto: entity.mergedInto === null ? null : uuidToId('mbr', entity.mergedInto),
      externalId: entity.externalId,
      identities: identities
        .filter(({ type }) => type !== EXTERNAL_ID_TYPE)
        .map(({ type, value }) => ({ type, value })),
      status: entity.status,
      enrolledAt: entity.enrolledAt.getTime(),
      birthDate: entity.birthDate,
      attributes: entity.attributes,
    };
  }
}

/**
 * What a member's own change may write. Named, so that TypeORM does not look for what has changed: it asks the objects
 * in `attributes` for their `hasOwnProperty`, which may be anything.
 */
function ownColumns(entity: MemberEntity): QueryDeepPartialEntity<MemberEntity> {
  const { externalId, birthDate, birthDateSince, attributes, status, statusChanges, updatedAt } = entity;
  const dates = { birthDate, birthDateSince };
  return { externalId, ...dates, attributes: attributes as object, status, statusChanges, updatedAt };
}

/** The account that a member acts on: a merged member acts on the survivor's. */
async function presentAccount(
  manager: EntityManager,
  { accountId, mergedInto }: MemberEntity,
): Promise<string> {
  if (mergedInto === null) return accountId;
  return (await manager.findOneByOrFail(MemberEntity, { memberId: mergedInto })).accountId;
}

function isOver(status: MemberStatus): boolean {
  return status === 'closed' || status === 'merged';
}

const STATUS_EVENTS: Readonly<Record<OwnStatus, AuditedAction>> = {
  active: 'member.reactivated',
  suspended: 'member.suspended',
};
