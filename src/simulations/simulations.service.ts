import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { isId, type IdSource, type ProgrammeId, type SimulationId } from '../kernel/ids.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import { localDate, type Clock } from '../kernel/time.js';
import type { Caller } from '../platform/http/caller.js';
import { invalid } from '../platform/http/validation.js';
import { CLOCK, DATA_SOURCE, IDS } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { countReceiptsToReplay } from '../purchases/index.js';
import { CheckedDrafts } from './checked-drafts.js';
import { MAX_RECEIPTS } from './domain/limits.js';
import { simulatedWindow, type SimulatedWindow } from './domain/simulated-window.js';
import { simulationProblems } from './problems.js';
import type { SimulationProgress } from './simulate.js';
import type { StartSimulationDto } from './simulation.dto.js';
import { SimulationStore, type Simulation } from './simulation.store.js';

/** Begins, shows and ends simulations; the job carries them out. */
@Injectable()
export class Simulations {
  private readonly store: SimulationStore;

  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    private readonly configs: ConfigCache,
    private readonly drafts: CheckedDrafts,
  ) {
    this.store = new SimulationStore(dataSource);
  }

  /** @throws ProblemException where the window or a draft is wrong, with pointers into the request. */
  async start(caller: Caller, body: StartSimulationDto): Promise<Result<Simulation, Problem>> {
    const { programmeId, keyId } = caller;
    const now = this.clock.now();
    const config = await this.configs.current(programmeId);
    const window = simulatedWindow(body.window, localDate(now, config.timeZone), config.timeZone);
    if (!window.ok) throw invalid(window.refusal);
    const drafts = await this.drafts.check(caller, body.drafts, config, now);
    const open = await this.store.open(programmeId);
    if (open) return refuse(running(open.simulationId));
    const expected = await this.expected(programmeId, window.value);
    if (!expected.ok) return expected;
    const simulationId = this.ids.next('sim');
    const request = { window: window.value, drafts };
    const act = { actor: keyId, now, ids: this.ids };
    const isBegun = await this.store.create(simulationId, programmeId, request, expected.value, act);
    if (isBegun) return this.find(programmeId, simulationId);
    // Another request came in between.
    return refuse(running((await this.store.open(programmeId))?.simulationId ?? null));
  }

  async find(programmeId: ProgrammeId, id: string): Promise<Result<Simulation, Problem>> {
    const found = isId('sim', id) ? await this.store.find(programmeId, id) : null;
    if (found) return ok(found);
    return refuse(simulationProblems.problem('SIMULATION_NOT_FOUND', `There is no simulation ${id}.`));
  }

  page(programmeId: ProgrammeId, before: SimulationId | null, limit: number): Promise<readonly Simulation[]> {
    return this.store.page(programmeId, before, limit);
  }

  /** One that is being cancelled already stays so. */
  async cancel({ programmeId, keyId }: Caller, id: string): Promise<Result<Simulation, Problem>> {
    const found = await this.find(programmeId, id);
    if (!found.ok) return found;
    const act = { actor: keyId, now: this.clock.now(), ids: this.ids };
    const isAsked = await this.store.cancel(found.value, act);
    const after = await this.find(programmeId, id);
    if (isAsked || !after.ok || after.value.endedAt === null) return after;
    return refuse(simulationProblems.problem('SIMULATION_OVER', `${id} is ${after.value.state}.`));
  }

  private async expected(
    programmeId: ProgrammeId,
    { startsAt, endsAt }: SimulatedWindow,
  ): Promise<Result<SimulationProgress, Problem>> {
    const span = { programmeId, from: startsAt, until: endsAt, recordedBy: this.clock.now() };
    const rows = (sql: string, values: readonly unknown[]) => this.dataSource.query(sql, [...values]);
    const expected = await countReceiptsToReplay(rows, span, MAX_RECEIPTS + 1);
    if (expected.receipts === 0)
      return refuse(simulationProblems.problem('SIMULATION_EMPTY', 'No member has a receipt in the window.'));
    if (expected.receipts <= MAX_RECEIPTS) return ok(expected);
    const detail = `The window has more than ${MAX_RECEIPTS} receipts; choose a shorter one.`;
    return refuse(simulationProblems.problem('SIMULATION_TOO_LARGE', detail));
  }
}

function running(simulationId: SimulationId | null): Problem {
  const detail = `${simulationId ?? 'Another one'} is under way; a programme has one simulation at a time.`;
  return simulationProblems.problem('SIMULATION_RUNNING', detail, { meta: { simulationId } });
}
