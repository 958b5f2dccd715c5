import type { ProgrammeId } from '../../kernel/ids.js';
import { Differences, type Difference } from './difference.js';

/** What is gone through, in this order. */
export const VERIFY_PHASES = [
  'accounts',
  'receipts',
  'members',
  'claims',
  'programmes',
  'belonging',
  'events',
  'anchors',
] as const;
export type VerifyPhase = (typeof VERIFY_PHASES)[number];

/** How many of each were checked. */
export interface VerifyCounts {
  readonly accounts: number;
  readonly lots: number;
  readonly movements: number;
  readonly receipts: number;
  readonly members: number;
  readonly anchors: number;
  /** Unsigned anchors. */
  readonly unsignedAnchors: number;
}

/** How far a run has come; all that is needed to go on. */
export interface VerifyState {
  readonly programmeId: ProgrammeId | null;
  /** Null once everything was gone through. */
  readonly phase: VerifyPhase | null;
  /** What of the phase was finished last; null at its beginning. */
  readonly after: string | null;
  /** Accounts there were when it began. */
  readonly ofAccounts: number;
  readonly counts: VerifyCounts;
  /** The first of them, at most `MAX_DIFFERENCES`. */
  readonly differences: readonly Difference[];
  readonly differenceCount: number;
}

export interface VerifyReport extends VerifyCounts {
  readonly programmeId: ProgrammeId | null;
  readonly differences: readonly Difference[];
  readonly differenceCount: number;
  readonly clean: boolean;
}

/** What one page brought. */
export interface VerifiedPage {
  readonly counts: Partial<VerifyCounts>;
  readonly differences: Differences;
  /** Where the next page of the phase begins; null when the phase is over. */
  readonly after: string | null;
}

export function newState(programmeId: ProgrammeId | null, ofAccounts: number): VerifyState {
  const counts = {
    accounts: 0,
    lots: 0,
    movements: 0,
    receipts: 0,
    members: 0,
    anchors: 0,
    unsignedAnchors: 0,
  };
  return {
    programmeId,
    phase: VERIFY_PHASES[0],
    after: null,
    ofAccounts,
    counts,
    differences: [],
    differenceCount: 0,
  };
}

/** The state after a page: a page is counted whole or, where it was not finished, not at all. */
export function withPage(state: VerifyState, page: VerifiedPage): VerifyState {
  const counts = Object.fromEntries(
    Object.entries(state.counts).map(([name, count]) => [
      name,
      (count as number) + (page.counts[name as keyof VerifyCounts] ?? 0),
    ]),
  ) as unknown as VerifyCounts;
  const all = new Differences(state.differences, state.differenceCount);
  all.add(page.differences.listed);
  const unlisted = page.differences.count - page.differences.listed.length;
  return {
    ...state,
    counts,
    phase: page.after === null ? nextPhase(state.phase) : state.phase,
    after: page.after,
    differences: all.listed,
    differenceCount: all.count + unlisted,
  };
}

function nextPhase(phase: VerifyPhase | null): VerifyPhase | null {
  return phase === null ? null : (VERIFY_PHASES[VERIFY_PHASES.indexOf(phase) + 1] ?? null);
}

export function reportOf({ programmeId, counts, differences, differenceCount }: VerifyState): VerifyReport {
  return { programmeId, ...counts, differences, differenceCount, clean: differenceCount === 0 };
}
