import type { Entry, Outcome } from './book.js';

/** Commands of an operation by what their clients knew at the end of a storm. */
export interface OperationFigures extends Record<Outcome, number> {
  /** Of the unknown ones, how many the database turned out to have. */
  unknownButDone: number;
}

/** What a run did, in numbers. */
export class Tally {
  readonly operations = new Map<string, OperationFigures>();
  readonly checks = {
    rounds: 0,
    commandsCounted: 0,
    commandsSentAgain: 0,
    /** Of the last `verify`. */
    accounts: 0,
    lots: 0,
    movements: 0,
    events: 0,
    eventsRead: 0,
    eventsHeard: 0,
    heardAgain: 0,
    deadLetters: 0,
    jobRuns: 0,
    jobRunsEnded: 0,
    /** Steps that a run of a job made after the next one had begun. */
    stepsBesideNext: 0,
    backupsRestored: 0,
  };

  /** Counts a command by what its client knew when the storm was over. */
  add({ operation, outcome }: Entry, times: number): void {
    const figures = this.operations.get(operation.name) ?? {
      acknowledged: 0,
      refused: 0,
      unknown: 0,
      unknownButDone: 0,
    };
    figures[outcome] += 1;
    if (outcome === 'unknown') figures.unknownButDone += times;
    this.operations.set(operation.name, figures);
  }
}
