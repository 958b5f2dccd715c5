let numbered = 0;

/** A receipt with one line of NT$1,050 unless told otherwise; each has a number of its own. */
export function receipt(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  numbered += 1;
  return {
    source: 'store-1',
    receiptNo: `R-${process.pid}-${numbered}`,
    member: { externalId: 'C-1' },
    occurredAt: '2026-11-20T10:15:00+08:00',
    currency: 'TWD',
    lines: [line()],
    ...overrides,
  };
}

export function line(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return { lineNo: 1, sku: 'A-77', category: 'grocery', amountMinor: 105_000, taxMinor: 5_000, ...overrides };
}
