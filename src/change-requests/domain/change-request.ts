import type { Id, KeyId } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/time.js';

export type ChangeRequestId = Id<'chr'>;

/** The states that are kept. A request without a decision in time is kept as `open` and shown as `lapsed`. */
export const CHANGE_STATES = ['open', 'applied', 'rejected', 'lapsed', 'withdrawn'] as const;
export type ChangeState = (typeof CHANGE_STATES)[number];

/** How long a request waits for its decision, milliseconds: 30 days. */
export const CHANGE_REQUEST_LIFE_MS = 30 * 86_400_000;

/** A decision on a request, also that of its maker to withdraw it. */
export interface ChangeDecision {
  readonly by: string;
  readonly at: Instant;
  readonly note: string | null;
}

/** A change that waits for a second person, or did. */
export interface ChangeRequest {
  readonly requestId: ChangeRequestId;
  /** The kind of change, by which the registry knows how it is checked and applied. */
  readonly subject: string;
  /** What it changes: of a publication the kind and the key. */
  readonly subjectId: string;
  /** Of the exact content, SHA-256 in hex. */
  readonly digest: string;
  /** The version that the change is against; null for the first one. */
  readonly baseVersion: number | null;
  /** What holds without it; null where nothing does. */
  readonly before: Readonly<Record<string, unknown>> | null;
  /** The exact content. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly requestedBy: string;
  readonly requestedAt: Instant;
  /** The lines of keys that had a part in the content; none of them approves it. */
  readonly makerLines: readonly KeyId[];
  /** From when it is to hold; null: from its approval on. */
  readonly effectiveAt: Instant | null;
  readonly expiresAt: Instant;
  readonly state: ChangeState;
  readonly decision: ChangeDecision | null;
}

/** The state that the API shows: an open request lapses once its time or its effective instant has passed. */
export function shownState({ state, expiresAt, effectiveAt }: ChangeRequest, now: Instant): ChangeState {
  if (state !== 'open') return state;
  return expiresAt <= now || (effectiveAt !== null && effectiveAt <= now) ? 'lapsed' : 'open';
}

/** The key that decides, and its line. */
export interface Decider {
  readonly keyId: string;
  readonly line: KeyId;
}

export const DECISIONS = ['approve', 'reject', 'withdraw'] as const;
export type DecisionKind = (typeof DECISIONS)[number];

const ENDS_AS = {
  approve: 'applied',
  reject: 'rejected',
  withdraw: 'withdrawn',
} as const satisfies Record<DecisionKind, Exclude<ChangeState, 'open'>>;

/** The state in which a decision leaves a request. */
export function endOf(kind: DecisionKind): Exclude<ChangeState, 'open'> {
  return ENDS_AS[kind];
}

/** Whether a request ended by this very decision of this key before: asking again is answered alike. */
export function isRepeated({ state, decision }: ChangeRequest, kind: DecisionKind, by: Decider): boolean {
  return state === endOf(kind) && decision?.by === by.keyId;
}
