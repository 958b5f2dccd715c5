import { setImmediate } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import {
  budgetStatesSlice,
  currentBudget,
  fullBudget,
  limitsOf,
  type BudgetState,
} from '../budgets/index.js';
import { budgetsNamed, type RuleTrace } from '../earning/index.js';
import { groupBy } from '../kernel/group-by.js';
import type { MemberId, ProgrammeId } from '../kernel/ids.js';
import type { Clock, Instant } from '../kernel/time.js';
import { Snapshot } from '../platform/database/snapshot.js';
import { Replay, ReplayedMembers, type EngineDefinition, type ReadRows } from '../platform/pipeline/index.js';
import type { AssumedDefinition, ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { snapshotIn } from '../platform/versioned-config/config-snapshot.store.js';
import { membersToReplay, receiptsToReplay, type ReceiptSpan } from '../purchases/index.js';
import { MAX_RECEIPTS_OF_MEMBER } from './domain/limits.js';
import type { SimulatedWindow } from './domain/simulated-window.js';
import { Tally } from './domain/tally.js';
import { replayMember } from './replay-member.js';
import { simulationResult, type SimulationResult } from './simulation-result.js';

/** Members whose receipts are in memory at a time. */
const MEMBERS_PER_PAGE = 20;

/** What is to be simulated. Plain data: it goes to another thread. */
export interface SimulationTask {
  readonly programmeId: ProgrammeId;
  readonly window: SimulatedWindow;
  readonly drafts: readonly AssumedDefinition[];
}

/** A result and what it was worked out from. */
export interface Simulated {
  /** Nothing that was recorded later is in it. */
  readonly recordedBy: Instant;
  readonly result: SimulationResult;
}

/** How far a simulation is. */
export interface SimulationProgress {
  readonly members: number;
  readonly receipts: number;
}

/** Carries out simulations; in a thread of its own, or in this one. */
export interface Simulator {
  /** @throws Error when it fails, or when the signal is aborted. */
  run(
    task: SimulationTask,
    signal: AbortSignal,
    onProgress: (progress: SimulationProgress) => void,
  ): Promise<Simulated>;
}

/** Simulates in the thread that calls it, with what decides there. */
export class SimulatorHere implements Simulator {
  constructor(
    private readonly dataSource: DataSource,
    private readonly definition: EngineDefinition,
    private readonly clock: Clock,
  ) {}

  async run(
    task: SimulationTask,
    signal: AbortSignal,
    onProgress: (progress: SimulationProgress) => void,
  ): Promise<Simulated> {
    const snapshot = await Snapshot.open(this.dataSource);
    try {
      const config = await snapshotIn(snapshot.manager, task.programmeId);
      if (!config) throw new Error(`unknown programme ${task.programmeId}`);
      const rows: ReadRows = (sql, values) => snapshot.query(sql, values);
      const recordedBy = this.clock.now();
      const run = new SimulationRun({ ...task, definition: this.definition, config, rows, recordedBy });
      for await (const progress of run.pages()) {
        onProgress(progress);
        signal.throwIfAborted();
      }
      return { recordedBy, result: run.result() };
    } finally {
      await snapshot.close();
    }
  }
}

interface RunParts extends SimulationTask {
  readonly definition: EngineDefinition;
  readonly config: ConfigSnapshot;
  readonly rows: ReadRows;
  readonly recordedBy: Instant;
}

/** Replays the members one after the other, each under both configurations. */
class SimulationRun {
  private readonly tally = new Tally<readonly RuleTrace[]>();
  private readonly span: ReceiptSpan;
  private readonly members: ReplayedMembers;
  private readonly published: Replay;
  private readonly drafts: Replay;
  private done: SimulationProgress = { members: 0, receipts: 0 };
  private tooMany = 0;

  constructor(private readonly parts: RunParts) {
    const { programmeId, window, recordedBy, definition, config } = parts;
    this.span = { programmeId, from: window.startsAt, until: window.endsAt, recordedBy };
    this.members = new ReplayedMembers(definition.slices);
    this.published = replayOf(definition, config);
    this.drafts = replayOf(definition, config.assuming(parts.drafts, window.startsAt));
  }

  /** One page of members after the other. @returns how far it is after each. */
  async *pages(): AsyncGenerator<SimulationProgress> {
    let after: MemberId | null = null;
    for (;;) {
      const page: readonly MemberId[] = await membersToReplay(
        this.parts.rows,
        this.span,
        after,
        MEMBERS_PER_PAGE,
      );
      if (page.length === 0) return;
      await this.replay(page);
      yield this.done;
      after = page.at(-1) as MemberId;
    }
  }

  result(): SimulationResult {
    const { published, drafts, tooMany, parts } = this;
    return simulationResult(this.tally.result(), {
      configs: { published: published.config, drafts: drafts.config },
      window: parts.window,
      membersWithTooManyReceipts: tooMany,
    });
  }

  private async replay(page: readonly MemberId[]): Promise<void> {
    const { rows, window } = this.parts;
    const receipts = groupBy(await receiptsToReplay(rows, this.span, page), ({ memberId }) => memberId);
    const start = { day: window.from, at: window.startsAt };
    const read = async (config: ConfigSnapshot) => {
      const members = await this.members.read(rows, page, config, start, window.endsAt);
      return new Map(members.map((member) => [member.memberId, member]));
    };
    const [published, drafts] = [await read(this.published.config), await read(this.drafts.config)];
    for (const memberId of page) {
      const own = receipts.get(memberId) ?? [];
      const [before, then] = [published.get(memberId), drafts.get(memberId)];
      if (!before || !then) throw new Error(`${memberId} is not there`);
      if (own.length > MAX_RECEIPTS_OF_MEMBER) this.tooMany += 1;
      else
        this.tally.add({
          memberId,
          published: replayMember(this.published, before, own, window.endsAt),
          drafts: replayMember(this.drafts, then, own, window.endsAt),
          really: new Map(own.map(({ purchaseId, keptPoints }) => [purchaseId, keptPoints])),
        });
      this.done = { members: this.done.members + 1, receipts: this.done.receipts + own.length };
      // Where the simulation has no thread of its own, others have their turn.
      await setImmediate();
    }
  }
}

/** Budgets begin full. */
function replayOf(definition: EngineDefinition, config: ConfigSnapshot): Replay {
  const budgets = new Map<string, BudgetState>();
  for (const budgetId of budgetsNamed(config, null)) {
    const budget = currentBudget(config, budgetId);
    if (budget) budgets.set(budgetId, fullBudget(limitsOf(budget.body)));
  }
  return new Replay(definition, config, new Map([[budgetStatesSlice.name, budgets]]));
}
