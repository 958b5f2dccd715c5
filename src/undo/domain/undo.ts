import type { ProgrammeId, UndoId } from '../../kernel/ids.js';
import type { Points } from '../../kernel/points.js';
import type { Instant } from '../../kernel/time.js';
import type { VersionRef } from '../../kernel/version-ref.js';

export const UNDO_STATES = ['running', 'done', 'cancelled'] as const;
export type UndoState = (typeof UNDO_STATES)[number];

/** What is to be taken back: what a version of a rule gave for receipts of a span, by when they occurred. */
export interface UndoOrder {
  readonly rule: VersionRef;
  readonly from: Instant;
  /** Exclusive. */
  readonly until: Instant;
  readonly reason: string;
}

/** An undo that was approved, and how far it is. */
export interface Undo extends UndoOrder {
  readonly undoId: UndoId;
  readonly programmeId: ProgrammeId;
  readonly state: UndoState;
  readonly startedBy: string;
  readonly startedAt: Instant;
  /** Receipts that the preview had found. */
  readonly receipts: number;
  /** Receipts whose points were refused to be taken; of how many they were taken, `undone_grants` say. */
  readonly refused: number;
  readonly endedAt: Instant | null;
  /** The key that cancelled it, or the engine. */
  readonly endedBy: string | null;
}

/** What an undo would take back, by what became of the points. */
export interface UndoFigures {
  readonly receipts: number;
  readonly members: number;
  /** Points that were not taken back yet. */
  readonly points: Points;
  /** Of these, what is there, what expired or was cancelled, and what was used or is on hold. */
  readonly there: Points;
  readonly gone: Points;
  readonly used: Points;
  /** What goes with the points that are there, in major units. */
  readonly liability: string;
}
