import type { Instant } from '../../kernel/time.js';
import type { ConfigSnapshot } from '../../platform/versioned-config/config-snapshot.js';

/**
 * How many days before its expiry a programme announces points, by the policy in force at an instant; 0: never. The
 * programmes have the policy, and the ledger knows no module, so the composition hands the function in.
 */
export type AnnounceDays = (config: ConfigSnapshot, at: Instant) => number;

/** Under it `AnnounceDays` is provided. */
export const ANNOUNCE_DAYS = Symbol('AnnounceDays');
