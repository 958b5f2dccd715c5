/** What a rule gave and why. */
import type { Points } from '../../kernel/points.js';
import type { RoundingMode } from '../../kernel/rational.js';
import type { VersionRef } from '../../kernel/version-ref.js';
import type { Gives } from './gives.js';

/** What a rule's condition had to do with what the rule gave. */
export interface ConditionTrace {
  /** What the condition is on; `occasion` where there is neither a receipt nor an activity. */
  readonly on: 'receipt' | 'line' | 'activity' | 'occasion';
  /** Which of the parts that `&&` joins was not met, from 0; null where all were. */
  readonly part: number | null;
  /** What was read: of a part that was not met all of it, else what was read of the member. Null: not known. */
  readonly values: Readonly<Record<string, string | boolean | null>>;
}

/** Why a rule gave what it gave: one entry for every rule in force, matched or not. */
export interface RuleTrace {
  readonly rule: VersionRef;
  readonly name: string;
  readonly matched: boolean;
  /** A stable reason code. */
  readonly why:
    | 'matched'
    | 'inactive'
    | 'ended'
    | 'noMatchingLine'
    | 'belowStep'
    | 'belowMinimum'
    | 'roundedToNothing'
    | 'limitReached'
    | 'budgetSpent'
    | 'memberNotActive'
    | 'notRegistered'
    | 'conditionFalse'
    | 'conditionFailed'
    | 'paused'
    | 'outOfSchedule'
    | 'tenderNotUsed'
    | 'tierWithout'
    | 'noMargin'
    | 'noBase'
    | 'groupLost'
    | 'excluded'
    | 'milestoneNotReached'
    | 'givenLately';
  /** Minor units of the lines that counted. */
  readonly basisMinor: number;
  readonly points: Points;
  /** Absent where the rule gives points alone. */
  readonly gives?: Gives;
  /** What it gave that counts for ladders and cannot be spent; absent where it gave none. */
  readonly statusPoints?: Points;
  readonly multiplier: string | null;
  /** Which cap cut the points; null when none did. */
  readonly limitedBy: string | null;
  readonly rounding: RoundingMode | null;
  /** The figure before factors, rounding and limits, without loss: "10.5", "31/3". Absent where it is what was given. */
  readonly raw?: string;
  /** Points after rounding, before any limit; absent where they are `limited`. */
  readonly rounded?: Points;
  /** Points after the rule's own limits, with which it enters its group; absent where they are what was given. */
  readonly limited?: Points;
  /** The rule that won the group, or the exclusive rule; absent where none took the points. */
  readonly beatenBy?: string;
  /** The member's tier; only where points may be worked out from it again when goods come back. */
  readonly tier?: string;
  /** How far a milestone is; absent of other rules, and where the rule was not looked at. */
  readonly milestone?: MilestoneTrace;
  /** Absent where no condition decided anything. */
  readonly condition?: ConditionTrace;
}

/** How far a milestone is in its period with the receipt, in the measure's unit. */
export interface MilestoneTrace {
  readonly measured: number;
  /** Steps that are reached, those of earlier receipts included. */
  readonly steps: number;
  /** Until the next step; null where no further one is given. */
  readonly missing: number | null;
}
