import type { Instant } from '../kernel/time.js';
import type { ConfigKind, ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { NO_BOUNDS } from './domain/backdating.js';
import type { DraftedPolicy, PointsOffBasket, ProgrammePolicy } from './domain/programme-policy.js';

/** What policies did not have at first, and what holds for those that were published without it. */
const ADDED_FIELD_DEFAULTS = {
  tierExpiry: {},
  pending: { type: 'none' },
  announceExpiryDays: 30,
  maximumBalance: null,
  minValidityDaysOnRestore: null,
  returnPolicy: 'debt',
  correctionPolicy: 'debt',
  onReturn: 'reevaluate',
  transfers: null,
  backdating: NO_BOUNDS,
  closing: { graceDays: 0 },
  phoneRegion: null,
  twoPersons: [],
  unmatchedReceipts: null,
} satisfies Partial<ProgrammePolicy>;

const LATER_TERMS = {
  maximumPoints: null,
  maximumMinor: null,
  maximumShare: null,
} satisfies Partial<PointsOffBasket>;

/** A policy as it was published by this or an earlier release. */
export type PublishedProgrammePolicy = Pick<ProgrammePolicy, 'pointName' | 'expiry'> &
  Partial<Omit<DraftedPolicy, 'pointsOffBasket'>> & {
    readonly pointsOffBasket:
      (Pick<PointsOffBasket, 'minorPerPoint' | 'minimumPoints'> & Partial<PointsOffBasket>) | null;
  };

export const programmePolicyKind: ConfigKind<PublishedProgrammePolicy> = {
  name: 'programme-policy',
  complete: (body) => ({ booksFrom: null, ...completed(body) }),
};
export const PROGRAMME_POLICY_KEY = 'main';

/** What holds for a programme that never published a policy, and before its first one. */
const DEFAULT_POLICY: ProgrammePolicy = {
  ...ADDED_FIELD_DEFAULTS,
  pointName: 'points',
  expiry: { type: 'never' },
  pointsOffBasket: null,
};

/** Published versions never change, so each is completed once. */
const completedBodies = new WeakMap<PublishedProgrammePolicy, ProgrammePolicy>();

export function programmePolicyInForce(config: ConfigSnapshot, at: Instant): ProgrammePolicy {
  const body = config.find(programmePolicyKind, PROGRAMME_POLICY_KEY, at)?.body;
  return body ? completed(body) : DEFAULT_POLICY;
}

function completed(body: PublishedProgrammePolicy): ProgrammePolicy {
  const known = completedBodies.get(body);
  if (known) return known;
  const pointsOffBasket = body.pointsOffBasket && { ...LATER_TERMS, ...body.pointsOffBasket };
  const made = { ...ADDED_FIELD_DEFAULTS, ...body, pointsOffBasket };
  completedBodies.set(body, made);
  return made;
}

/** How many days before its expiry the programme announces points; 0: never. */
export function announceExpiryDays(config: ConfigSnapshot, at: Instant): number {
  return programmePolicyInForce(config, at).announceExpiryDays;
}
