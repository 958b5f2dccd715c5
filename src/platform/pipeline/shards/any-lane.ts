import type { Command, Outcome } from '../contract/command.js';

/**
 * What a lane says to a command: its outcome, or that another lane is the place for it. That one goes on from the
 * account in memory, so it is always faster than this one, which must load.
 */
export type LaneOutcome = Outcome | { readonly kind: 'elsewhere' };

/** A lane as the pipeline knows it, in whichever thread it is. */
export interface AnyLane {
  submit(command: Command, mayLeave: boolean): Promise<LaneOutcome>;
  close(): Promise<void>;
}
