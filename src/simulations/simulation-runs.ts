import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Clock } from '../kernel/time.js';
import { CLOCK, DATA_SOURCE } from '../platform/tokens.js';
import { MAX_RESULT_BYTES } from './domain/limits.js';
import type { SimulationProgress, Simulator } from './simulate.js';
import { SimulationStore, type EndOfSimulation, type Simulation } from './simulation.store.js';

/** Under which the composition root hands in where simulations are carried out. */
export const SIMULATOR = Symbol('Simulator');

/** How often a simulation says that it is being carried out, and asks whether it is to go on. */
const BEAT_MS = 1_000;

/** Carries out the simulations that wait, one after the other. */
@Injectable()
export class SimulationRuns {
  private readonly store: SimulationStore;

  constructor(
    @Inject(DATA_SOURCE) dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SIMULATOR) private readonly simulator: Simulator,
  ) {
    this.store = new SimulationStore(dataSource);
  }

  /** Until none waits or it is aborted: then what was begun waits for the next process, which begins it anew. */
  async carryOutWaiting(signal: AbortSignal): Promise<void> {
    await this.store.forget(this.clock.now());
    while (!signal.aborted) {
      const simulation = await this.store.take(this.clock.now());
      if (!simulation) return;
      const end = await this.carryOut(simulation, signal);
      await this.store.end(simulation, end, this.clock.now());
    }
  }

  private async carryOut(simulation: Simulation, signal: AbortSignal): Promise<EndOfSimulation> {
    const { programmeId, request } = simulation;
    const drafts = request.drafts.map(({ kind, id, definition }) => ({ kind, key: id, body: definition }));
    const ended = new AbortController();
    let progress: SimulationProgress = { members: 0, receipts: 0 };
    const beat = setInterval(() => {
      // A sign of life that does not get through is followed by the next.
      this.store.beat(simulation, progress, this.clock.now()).then(
        (goesOn) => goesOn || ended.abort(),
        () => undefined,
      );
    }, BEAT_MS);
    try {
      const { recordedBy, result } = await this.simulator.run(
        { programmeId, window: request.window, drafts },
        AbortSignal.any([signal, ended.signal]),
        (now) => (progress = now),
      );
      const text = JSON.stringify(result);
      if (Buffer.byteLength(text) > MAX_RESULT_BYTES)
        return { state: 'failed', error: `The result is larger than ${MAX_RESULT_BYTES} bytes.`, progress };
      return { state: 'finished', recordedBy, result: text, progress };
    } catch (error) {
      // One that was cancelled is recorded as such, whatever is said here.
      if (signal.aborted && !ended.signal.aborted) return { state: 'waiting' };
      return { state: 'failed', error: error instanceof Error ? error.message : String(error), progress };
    } finally {
      clearInterval(beat);
    }
  }
}
