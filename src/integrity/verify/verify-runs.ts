import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { isId, type IdSource, type ProgrammeId, type VerifyRunId } from '../../kernel/ids.js';
import type { Problem } from '../../kernel/problem.js';
import { ok, refuse, type Result } from '../../kernel/result.js';
import type { Clock } from '../../kernel/time.js';
import { CLOCK, DATA_SOURCE, IDS } from '../../platform/tokens.js';
import { integrityProblems } from '../problems.js';
import { recordedVerify } from './recorded-verify.js';
import { LEASE_MS, VerifyRunStore, type VerifyRun } from './verify-run.store.js';
import { VerifyService } from './verify.service.js';

/** A run goes on for so long before the next that waits has its turn. */
const TURN_MS = 60_000;

/**
 * Runs of `verify` over HTTP, one at a time for a programme. They wait for the job that carries them out, in turns, so
 * that a small programme does not wait for a large one, and a shutdown leaves the rest to the next process.
 */
@Injectable()
export class VerifyRuns {
  private readonly store: VerifyRunStore;

  constructor(
    @Inject(DATA_SOURCE) dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    private readonly service: VerifyService,
  ) {
    this.store = new VerifyRunStore(dataSource);
  }

  /** Begins a run of a programme. */
  async start(programmeId: ProgrammeId): Promise<Result<VerifyRun, Problem>> {
    const latest = await this.store.latestUnfinished(programmeId);
    if (latest && this.isAlive(latest)) return refuse(running(latest.runId));
    const progress = await this.service.begin(programmeId);
    return ok(await this.store.create(this.ids.next('vrf'), progress, this.clock.now(), 'waiting'));
  }

  /** Goes on with a run that was interrupted, from the last page that was finished. */
  async resume(programmeId: ProgrammeId, id: string): Promise<Result<VerifyRun, Problem>> {
    const found = await this.find(programmeId, id);
    if (!found.ok) return found;
    const { runId, state } = found.value;
    if (state === 'finished')
      return refuse(integrityProblems.problem('VERIFY_FINISHED', `${runId} went through all of it.`));
    const run = await this.store.requeue(runId, this.clock.now());
    return run ? ok(run) : refuse(running(runId));
  }

  async find(programmeId: ProgrammeId, id: string): Promise<Result<VerifyRun, Problem>> {
    const run = isId('vrf', id) ? await this.store.find(id) : null;
    return run?.progress.programmeId === programmeId
      ? ok(run)
      : refuse(integrityProblems.problem('VERIFY_RUN_NOT_FOUND', `There is no run ${id}.`));
  }

  /** Whether the run waits or is being carried out, as far as its record says. */
  isAlive({ state, updatedAt }: VerifyRun): boolean {
    return state === 'waiting' || (state === 'running' && updatedAt >= this.clock.now() - LEASE_MS);
  }

  /** Carries out what waits, in turns, until nothing does or it is aborted; then the rest waits again. */
  async carryOutWaiting(signal: AbortSignal, turnMs = TURN_MS): Promise<void> {
    while (!signal.aborted) {
      const run = await this.store.takeWaiting(this.clock.now());
      if (!run) return;
      const turn = AbortSignal.any([signal, AbortSignal.timeout(turnMs)]);
      await recordedVerify(run, this.service, this.store, this.clock, { signal: turn, leftAs: 'waiting' });
    }
  }
}

function running(runId: VerifyRunId): Problem {
  return integrityProblems.problem('VERIFY_RUNNING', `${runId} is under way.`, { meta: { runId } });
}
