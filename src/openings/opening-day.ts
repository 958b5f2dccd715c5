import type { LocalDate } from '../kernel/time.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { booksFromOf } from '../programmes/index.js';

/** The first day in the books, on which opening balances come in; null where the policy does not say it. */
export function openingDay(config: ConfigSnapshot): LocalDate | null {
  const booksFrom = booksFromOf(config);
  return booksFrom === null ? null : `${booksFrom}-01`;
}
