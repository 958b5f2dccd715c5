import type { DataSource, EntityManager } from 'typeorm';
import { idToUuid, type Id, type ProgrammeId } from '../../kernel/ids.js';
import type { AuditedAction } from '../../kernel/audited-actions.js';
import type { Problem } from '../../kernel/problem.js';
import { ok, refuse, type Result } from '../../kernel/result.js';
import { formatInstant, type Instant } from '../../kernel/time.js';
import { appendAudit, recordDigest } from '../audit/audit.store.js';
import { CONFIG_ACT_RECORD } from '../audit/record-columns.js';
import { pausesOf, withdrawalOf, type ConfigActRecord, type Pause } from './config-acts.js';
import { actsIn } from './config-acts.query.js';
import { lockVersions } from './config-lock.store.js';
import type { ConfigSnapshot } from './config-snapshot.js';
import { snapshotIn } from './config-snapshot.store.js';
import type { ConfigVersionEntity } from './config-version.entity.js';
import type { ConfigAct, ConfigAddress } from './config-act.js';
import { configProblems } from './problems.js';
import type { GateHolder } from './publication-gate.js';

const ADD = `INSERT INTO config_acts (act_id, programme_id, kind, key, version, act, at, by, note)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

const ACTIONS = {
  withdrawn: 'version.withdrawn',
  paused: 'rule.paused',
  resumed: 'rule.resumed',
} as const satisfies Record<ConfigActRecord['act'], AuditedAction>;

/** A version that is to be taken back before it takes effect, in the transaction that does so. */
export interface Withdrawal {
  readonly version: ConfigVersionEntity;
  /** The version that would hold in its place from then on; null where none would. */
  readonly instead: ConfigVersionEntity | null;
  /** The published versions that stand beside it. */
  readonly others: readonly ConfigVersionEntity[];
  readonly config: ConfigSnapshot;
}

/** What stands against a withdrawal, by the rules of its kind; null for nothing. */
export type WithdrawCheck = (withdrawal: Withdrawal) => Problem | null;

/** What is done to configuration after it was published. Acts are added, never changed. */
export class ConfigActStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly gates: GateHolder,
  ) {}

  /** In the order in which they were done. */
  async acts(
    programmeId: ProgrammeId,
    kind: string,
    key: string | null,
  ): Promise<readonly ConfigActRecord[]> {
    return actsIn(this.dataSource, programmeId, { kind, key });
  }

  async pauses(programmeId: ProgrammeId, { kind, key }: ConfigAddress): Promise<readonly Pause[]> {
    return pausesOf(await this.acts(programmeId, kind, key));
  }

  /**
   * Takes a version back that is not in force yet: from then on it never holds, and what was planned before does.
   * @param clock read once no other change of the configuration can come in between.
   */
  async withdraw(
    act: ConfigAct,
    address: ConfigAddress,
    number: number,
    note: string | null,
    { clock, check }: { readonly clock: () => Instant; readonly check?: WithdrawCheck | undefined },
  ): Promise<Result<ConfigVersionEntity, Problem>> {
    return this.dataSource.transaction(async (manager) => {
      const versions = await lockVersions(manager, act.programmeId, address);
      const version = versions.find((one) => one.version === number && one.status === 'published');
      const name = `${address.kind} ${address.key} version ${number}`;
      if (!version)
        return refuse(configProblems.problem('CONFIG_NOT_FOUND', `There is no published ${name}.`));
      const acts = await actsIn(manager, act.programmeId, address);
      const before = withdrawalOf(acts, version);
      if (before) {
        const detail = `${name} was withdrawn at ${formatInstant(before.at)}.`;
        return refuse(configProblems.problem('VERSION_WITHDRAWN', detail));
      }
      const now = clock();
      if (effectiveFrom(version) <= now) {
        const detail = `${name} took effect at ${formatInstant(effectiveFrom(version))}; publish another version.`;
        return refuse(configProblems.problem('VERSION_IN_FORCE', detail));
      }
      const others = versions.filter(
        (one) => one !== version && one.status === 'published' && !withdrawalOf(acts, one),
      );
      const config = await snapshotIn(manager, act.programmeId);
      const instead = inForceAt(others, effectiveFrom(version));
      const refusal = config && check?.({ version, instead, others, config });
      if (refusal) return refuse(refusal);
      await this.add(manager, act, { ...address, version: number, act: 'withdrawn', at: now, note });
      await this.gates.gate?.moved(manager, act, address);
      return ok(version);
    });
  }

  /** Stops all versions of a key, or lets them go on, from now on. @returns the pause. */
  async turn(
    act: ConfigAct,
    address: ConfigAddress,
    towards: 'paused' | 'resumed',
    note: string | null,
    clock: () => Instant,
  ): Promise<Result<Pause, Problem>> {
    return this.dataSource.transaction(async (manager) => {
      const versions = await lockVersions(manager, act.programmeId, address);
      const name = `${address.kind} ${address.key}`;
      if (!versions.some(({ status }) => status === 'published')) {
        return refuse(configProblems.problem('CONFIG_NOT_FOUND', `There is no published ${name}.`));
      }
      const acts = await actsIn(manager, act.programmeId, address);
      const isPaused = pausesOf(acts).some(({ until }) => until === null);
      if (isPaused && towards === 'paused')
        return refuse(configProblems.problem('ALREADY_PAUSED', `${name} is paused already.`));
      if (!isPaused && towards === 'resumed')
        return refuse(configProblems.problem('NOT_PAUSED', `${name} is not paused.`));
      // A clock that was set back does not make a pause end before it began.
      const at = Math.max(clock(), (acts.at(-1)?.at ?? 0) + 1);
      const record = await this.add(manager, act, { ...address, version: null, act: towards, at, note });
      return ok(pausesOf([...acts, record]).at(-1) as Pause);
    });
  }

  private async add(
    manager: EntityManager,
    { programmeId, actor, ids }: ConfigAct,
    added: Omit<ConfigActRecord, 'by'>,
  ): Promise<ConfigActRecord> {
    const { kind, key, version, act, at, note } = added;
    const [actId, programme] = [ids.next('act'), idToUuid(programmeId)];
    const uuid = idToUuid(actId);
    await manager.query(ADD, [uuid, programme, kind, key, version, act, new Date(at), actor, note]);
    await manager.query(
      'UPDATE programmes p SET config_revision = p.config_revision + 1 WHERE p.programme_id = $1',
      [programme],
    );
    await appendAudit(manager, {
      auditId: idToUuid(ids.next('adt')),
      programmeId: programme,
      at: new Date(at),
      actor,
      action: ACTIONS[act],
      subject: `${kind}/${key}`,
      before: null,
      after: actView(actId, { ...added, by: actor }),
      subjectId: uuid,
      record: await recordDigest(
        manager,
        { record: CONFIG_ACT_RECORD, from: 'config_acts x WHERE x.act_id = $1' },
        [uuid],
      ),
    });
    return { ...added, by: actor };
  }
}

/** Of published versions the one that holds at an instant. */
function inForceAt(versions: readonly ConfigVersionEntity[], at: Instant): ConfigVersionEntity | null {
  const begun = versions.filter((one) => effectiveFrom(one) <= at);
  const [latest] = begun.sort((a, b) => effectiveFrom(b) - effectiveFrom(a) || b.version - a.version);
  return latest ?? null;
}

function effectiveFrom({ effectiveAt }: ConfigVersionEntity): Instant {
  return effectiveAt?.getTime() ?? 0;
}

function actView(id: Id<'act'>, { kind, key, version, act, at, note }: ConfigActRecord): object {
  return { id, kind, key, version, act, at: formatInstant(at), note };
}
