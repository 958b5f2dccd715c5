import { ok } from '../kernel/result.js';
import { reactor } from '../platform/pipeline/command.js';
import type { Emission } from '../platform/pipeline/emission.js';
import { isPastExpiry } from './domain/lot.js';
import { ledgerSlice } from './ledger.slice.js';

/** Opens a lot for every valued award; a late receipt's points that would have expired by now do so at once. */
export const openLots = reactor({
  name: 'ledger.openLots',
  on: 'awards.valued',
  react: ({ data: { purchase, awards } }, work) => {
    const lots = awards.map((award) => ({ ...award, lotId: work.ids.next('lot') }));
    if (lots.length === 0) return ok([]);
    const emissions: Emission[] = [{ type: 'lots.granted', data: { purchaseId: purchase.purchaseId, lots } }];
    for (const { lotId, points, expiresAt } of lots) {
      if (expiresAt === null || expiresAt > work.now) continue;
      emissions.push({ type: 'points.expired', data: { lots: [{ lotId, points }] }, occurredAt: expiresAt });
    }
    return ok(emissions);
  },
});

/**
 * Points that come back from a hold after their lot's last instant expire: when they came back, or, where the
 * hold lapsed before that instant and both are settled late, at that instant.
 */
export const expireReleased = reactor({
  name: 'ledger.expireReleased',
  on: 'points.released',
  react: ({ data, occurredAt }, work) => {
    const { lots } = work.account(ledgerSlice);
    const emissions: Emission[] = [];
    for (const returned of data.lots) {
      const lot = lots.get(returned.lotId);
      if (!lot || lot.expiresAt === null || !isPastExpiry(lot, work.now)) continue;
      const at = Math.max(lot.expiresAt, occurredAt);
      emissions.push({ type: 'points.expired', data: { lots: [returned] }, occurredAt: at });
    }
    return ok(emissions);
  },
});
