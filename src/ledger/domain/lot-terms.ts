import { sha256Hex } from '../../kernel/sha256.js';
import type { Lot } from './lot.js';

/**
 * SHA-256 over everything about a lot that is not a counter, hex. The movement that opens a lot or gives it new terms
 * covers it with its own hash, so that no term can be changed without the chain telling. Instants are in milliseconds,
 * a missing value is empty (docs/ledger.md).
 */
export function lotTermsHash(lot: Omit<Lot, LotCounters>): string {
  const { lotId, memberId, origin, purchaseId, rule, points, allocated, parentLotId, rootLotId } = lot;
  // A sliding lot ends when its account's do, which is kept once.
  const expiresAt = lot.slides ? null : lot.expiresAt;
  const lines = JSON.stringify(lot.lines.map(({ lineNo, points: earned }) => [lineNo, earned]));
  const whose = `${lotId}|${memberId}|${origin}|${purchaseId ?? ''}|${rule?.id ?? ''}|${rule?.version ?? ''}|${lines}`;
  const what = `${points}|${allocated}|${JSON.stringify(lot.valuation)}|${parentLotId ?? ''}|${rootLotId ?? ''}`;
  const when = `${lot.earnedAt}|${lot.availableAt}|${expiresAt ?? ''}|${lot.firstExpiresAt ?? ''}|${lot.slides}`;
  // Where there is none it is left out, as in the digests of before it was kept.
  const planned = lot.plannedAt === null ? '' : `|${lot.plannedAt}`;
  return sha256Hex(`${whose}|${what}|${when}|${JSON.stringify(lot.awaits)}${planned}`);
}

type LotCounters =
  | ('undelivered' | 'pending' | 'available' | 'held' | 'redeemed')
  | ('expired' | 'returned' | 'settled' | 'moved' | 'cancelled');
