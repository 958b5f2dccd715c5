import { formatInstant } from '../kernel/time.js';
import type { TransferFacts } from './domain/transfer-facts.js';

/** A transfer, of whatever kind, as the API and events show it. */
export function transferView(transfer: TransferFacts) {
  return {
    id: transfer.transferId,
    kind: transfer.kind,
    points: transfer.points,
    debt: transfer.debt,
    from: transfer.from,
    to: transfer.to,
    lots: transfer.lots.map(({ lotId, childLotId, from, points, expiresAt }) => ({
      lotId,
      childLotId,
      state: from,
      points,
      expiresAt: expiresAt === null ? null : formatInstant(expiresAt),
    })),
    note: transfer.note,
    externalId: transfer.externalId,
    transferredAt: formatInstant(transfer.transferredAt),
  };
}
