import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { isId, type IdSource, type ProgrammeId, type VerifyRunId } from '../../kernel/ids.js';
import type { Problem } from '../../kernel/problem.js';
import { ok, refuse, type Result } from '../../kernel/result.js';
import type { Clock } from '../../kernel/time.js';
import { CLOCK, DATA_SOURCE, IDS } from '../../platform/tokens.js';
import { ledgerProblems } from '../problems.js';
import { recordedVerify } from './recorded-verify.js';
import { LEASE_MS, VerifyRunStore, type VerifyRun } from './verify-run.store.js';
import { VerifyService } from './verify.service.js';

/** Runs of `verify` that this process carries out while it answers requests: one at a time for a programme. */
@Injectable()
export class VerifyRuns implements OnModuleDestroy {
  private readonly logger = new Logger(VerifyRuns.name);
  private readonly store: VerifyRunStore;
  private readonly underWay = new Set<Promise<void>>();
  private stopped = false;

  constructor(
    @Inject(DATA_SOURCE) dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    private readonly service: VerifyService,
  ) {
    this.store = new VerifyRunStore(dataSource);
  }

  /** Stops the runs after the page under way; they can be resumed. */
  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.underWay);
  }

  /** Begins a run of a programme. */
  async start(programmeId: ProgrammeId): Promise<Result<VerifyRun, Problem>> {
    const latest = await this.store.latestUnfinished(programmeId);
    if (latest && this.isAlive(latest)) return refuse(running(latest.runId));
    const progress = await this.service.begin(programmeId);
    const run = await this.store.create(this.ids.next('vrf'), progress, this.clock.now());
    this.carryOut(run);
    return ok(run);
  }

  /** Goes on with a run that was interrupted, from the last page that was finished. */
  async resume(programmeId: ProgrammeId, id: string): Promise<Result<VerifyRun, Problem>> {
    const found = await this.find(programmeId, id);
    if (!found.ok) return found;
    const { runId, state } = found.value;
    if (state === 'finished')
      return refuse(ledgerProblems.problem('VERIFY_FINISHED', `${runId} went through all of it.`));
    const run = await this.store.take(runId, this.clock.now());
    if (!run) return refuse(running(runId));
    this.carryOut(run);
    return ok(run);
  }

  async find(programmeId: ProgrammeId, id: string): Promise<Result<VerifyRun, Problem>> {
    const run = isId('vrf', id) ? await this.store.find(id) : null;
    return run?.progress.programmeId === programmeId
      ? ok(run)
      : refuse(ledgerProblems.problem('VERIFY_RUN_NOT_FOUND', `There is no run ${id}.`));
  }

  /** Whether somebody carries the run out, as far as its record tells. */
  isAlive({ state, updatedAt }: VerifyRun): boolean {
    return state === 'running' && updatedAt >= this.clock.now() - LEASE_MS;
  }

  private carryOut(run: VerifyRun): void {
    const done: Promise<void> = recordedVerify(run, this.service, this.store, this.clock, {
      goOn: () => !this.stopped,
    })
      .then(() => undefined)
      .catch((error: unknown) => this.logger.warn(`${run.runId} was interrupted: ${String(error)}`))
      .finally(() => this.underWay.delete(done));
    this.underWay.add(done);
  }
}

function running(runId: VerifyRunId): Problem {
  return ledgerProblems.problem('VERIFY_RUNNING', `${runId} is under way.`, { meta: { runId } });
}
