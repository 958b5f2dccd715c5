import type { PurchaseFacts, PurchaseLine } from '../../src/kernel/domain-events.js';

/** A line of 100.00 with no tax in it, in category `grocery`. */
export function purchaseLine(overrides: Partial<PurchaseLine> = {}): PurchaseLine {
  return {
    lineNo: 1,
    sku: 'A-77',
    category: 'grocery',
    brand: null,
    quantity: '1',
    amountMinor: 10_000,
    taxMinor: 0,
    attributes: {},
    ...overrides,
  };
}

/** Lines numbered from 1. */
export function purchaseLines(...lines: readonly Partial<PurchaseLine>[]): PurchaseLine[] {
  return lines.map((line, index) => purchaseLine({ lineNo: index + 1, ...line }));
}

/** A receipt of one line of 100.00 at noon in Warsaw. */
export function purchaseFacts(overrides: Partial<PurchaseFacts> = {}): PurchaseFacts {
  return {
    purchaseId: 'pur_01h455vb4pex5vsknk084sn02q',
    source: 'store-1',
    receiptNo: 'R-1',
    occurredAt: Date.parse('2026-03-10T12:00:00+01:00'),
    businessDate: '2026-03-10',
    currency: 'PLN',
    channel: null,
    lines: [purchaseLine()],
    tenders: [],
    redemptionIds: [],
    attributes: {},
    ...overrides,
  };
}
