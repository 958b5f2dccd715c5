import type { Instant, LocalDate } from '../kernel/time.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { programmePolicyInForce } from '../programmes/index.js';

/** The first day in the books, on which opening balances come in; null where the policy does not say it. */
export function openingDay(config: ConfigSnapshot, now: Instant): LocalDate | null {
  const { booksFrom } = programmePolicyInForce(config, now);
  return booksFrom === null ? null : `${booksFrom}-01`;
}
