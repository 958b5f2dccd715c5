/** What the receipt comes to, minor units. */
export const RECEIPT_MINOR = 126_000;

/**
 * The receipt that every contestant records: two lines, one tender.
 *
 * @param source with the number unique for ever; one a contestant and run
 * @param at RFC 3339
 */
export function receiptOf(source: string, number: number, member: number, at: string): string {
  return `{"source":"${source}","receiptNo":"${number}","member":{"externalId":"m-${member}"},"occurredAt":"${at}","currency":"TWD","lines":[{"lineNo":1,"sku":"A-77","category":"grocery","amountMinor":105000,"taxMinor":5000},{"lineNo":2,"sku":"B-12","category":"bakery","amountMinor":21000,"taxMinor":1000}],"tenders":[{"type":"cash","amountMinor":${RECEIPT_MINOR}}]}`;
}
