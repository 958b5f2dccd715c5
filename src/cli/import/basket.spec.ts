import { basketKey, basketOf, groupRows, rowKey, type Basket } from './basket.js';
import type { PlacedRow } from './row.js';

const row = (number: number, changes: Partial<PlacedRow> = {}): PlacedRow => ({
  row: number,
  cells: [`cell ${number}`],
  source: 'store-1',
  receiptNo: 'R1',
  receipt: { member: 'C1', occurredAt: 1_000 },
  line: { sku: 'A', amountMinor: 100 },
  ...changes,
});

const USD = { currency: 'USD', noMember: { texts: new Set<string>(), receipts: 'refuse' } } as const;

const sorted = (rows: readonly PlacedRow[]) => [...rows].sort((a, b) => (rowKey(a) < rowKey(b) ? -1 : 1));

async function groups(rows: readonly PlacedRow[], max: number) {
  const found = [];
  for await (const { rows: group, tooMany } of groupRows(streamed(rows), max)) {
    found.push({ rows: group.map(({ row: number }) => number), tooMany });
  }
  return found;
}

async function* streamed(rows: readonly PlacedRow[]): AsyncGenerator<PlacedRow> {
  for (const item of rows) yield await Promise.resolve(item);
}

describe('basketOf', () => {
  it('makes a body of all lines, never merging equal ones', () => {
    const basket = basketOf(
      sorted([row(9), row(3), row(5, { line: { sku: 'B', amountMinor: 7, quantity: '2' } })]),
      USD,
    );
    expect(basket.kind === 'basket' && { ...basket.basket, body: JSON.parse(basket.basket.body) }).toEqual({
      member: 'C1',
      occurredAt: 1_000,
      amountMinor: 207,
      rows: [3, 9, 5].map((number) => ({ row: number, cells: [`cell ${number}`] })),
      body: {
        source: 'store-1',
        receiptNo: 'R1',
        member: { externalId: 'C1' },
        occurredAt: '1970-01-01T00:00:01.000Z',
        currency: 'USD',
        lines: [
          { lineNo: 1, sku: 'A', amountMinor: 100 },
          { lineNo: 2, sku: 'A', amountMinor: 100 },
          { lineNo: 3, sku: 'B', amountMinor: 7, quantity: '2' },
        ],
      },
    });
  });

  it('makes the same bytes whatever the order of the rows in the file', () => {
    const lines = [
      { sku: 'A', amountMinor: 5 },
      { sku: 'A', amountMinor: 100 },
      { sku: 'B', amountMinor: 1 },
    ];
    const body = (order: readonly number[]) => {
      const basket = basketOf(sorted(order.map((at, index) => row(index + 2, { line: lines[at] }))), USD);
      return basket.kind === 'basket' && basket.basket.body;
    };
    expect(body([2, 0, 1])).toBe(body([1, 2, 0]));
  });

  it('rejects the whole receipt for one bad row', () => {
    const bad = row(4, {
      line: undefined,
      receipt: undefined,
      fault: { code: 'AMOUNT_BLANK', reason: 'The amount is blank.' },
    });
    expect(basketOf([row(3), bad], USD)).toEqual({
      kind: 'rejected',
      rows: [
        {
          row: 3,
          cells: ['cell 3'],
          code: 'RECEIPT_REJECTED',
          reason: 'Row 4 of the same receipt R1 was rejected: AMOUNT_BLANK.',
        },
        { row: 4, cells: ['cell 4'], code: 'AMOUNT_BLANK', reason: 'The amount is blank.' },
      ],
    });
  });

  it('rejects a receipt whose rows disagree', () => {
    const other = row(3, { receipt: { member: 'C2', occurredAt: 2_000 } });
    const basket = basketOf([row(2), other], USD);
    expect(basket.kind === 'rejected' && basket.rows).toMatchObject([
      {
        row: 2,
        code: 'RECEIPT_DISAGREES',
        reason: 'Rows 2 and 3 of receipt R1 differ in member, occurredAt.',
      },
      { row: 3, code: 'RECEIPT_DISAGREES' },
    ]);
  });
});

describe('basketOf, with what stands in rows of their own', () => {
  const bodyOf = (rows: readonly PlacedRow[]) => {
    const grouped = basketOf(rows, USD);
    return grouped.kind === 'basket'
      ? { ...JSON.parse(grouped.basket.body), amountMinor: grouped.basket.amountMinor }
      : grouped;
  };
  const discount = (number: number, discountMinor: number) => row(number, { line: undefined, discountMinor });

  it('makes one coupon of the discounts of a receipt, and adds tenders of a type', () => {
    const cash = (amountMinor: number) => ({ tenders: [{ type: 'cash', amountMinor }] });
    const body = bodyOf([discount(2, 30), row(3, cash(20)), discount(4, 5), row(5, cash(145))]);
    expect(body).toMatchObject({
      amountMinor: 165,
      lines: [{ lineNo: 1 }, { lineNo: 2 }],
      tenders: [
        { type: 'cash', amountMinor: 165 },
        { type: 'discount', kind: 'discount', amountMinor: 35 },
      ],
    });
  });

  it('refuses a receipt of less than nothing, or of discounts alone', () => {
    const negative = { kind: 'rejected', rows: [{ code: 'RECEIPT_NEGATIVE' }] };
    expect(bodyOf([discount(2, 5)])).toMatchObject(negative);
    expect(bodyOf([row(2), discount(3, 101)])).toMatchObject({
      kind: 'rejected',
      rows: [{ row: 2 }, { row: 3 }],
    });
  });

  it('refuses more kinds of tender than the API takes', () => {
    const tenders = Array.from({ length: 21 }, (_, index) => ({ type: `t${index}`, amountMinor: 1 }));
    expect(bodyOf([row(2, { tenders })])).toMatchObject({ rows: [{ code: 'RECEIPT_TENDERS' }] });
  });

  it("leaves receipts without a member out, as the mapping says, and refuses one that is half a member's", () => {
    const nobody = (number: number) => row(number, { noMember: true, receipt: { occurredAt: 1_000 } });
    const leftBy = (receipts: 'skip' | 'count', rows: readonly PlacedRow[]) =>
      basketOf(rows, { ...USD, noMember: { ...USD.noMember, receipts } });
    expect(leftBy('count', [nobody(2), nobody(3)])).toEqual({ kind: 'left', amountMinor: 200 });
    const bad = row(3, {
      noMember: true,
      line: undefined,
      receipt: undefined,
      fault: { code: 'X', reason: 'Y.' },
    });
    expect(leftBy('skip', [nobody(2), bad])).toEqual({ kind: 'left', amountMinor: null });
    expect(leftBy('count', [nobody(2), bad])).toMatchObject({ kind: 'rejected' });
    expect(leftBy('skip', [nobody(2), row(3)])).toMatchObject({ rows: [{ code: 'RECEIPT_DISAGREES' }, {}] });
  });
});

describe('groupRows', () => {
  it('brings the rows of a receipt together; the same number elsewhere is another receipt', async () => {
    const rows = [row(2), row(3, { receiptNo: 'R2' }), row(4), row(5, { source: 'store-2' })];
    expect(await groups(sorted(rows), 10)).toEqual([
      { rows: [2, 4], tooMany: false },
      { rows: [3], tooMany: false },
      { rows: [5], tooMany: false },
    ]);
  });

  it('gives a receipt of too many rows in pieces, and is well again after it', async () => {
    const rows = [1, 2, 3, 4, 5].map((number) => row(number));
    expect(await groups([...rows, row(6, { receiptNo: 'R2' })], 2)).toEqual([
      { rows: [1, 2], tooMany: true },
      { rows: [3, 4], tooMany: true },
      { rows: [5], tooMany: true },
      { rows: [6], tooMany: false },
    ]);
    expect(await groups(rows.slice(0, 2), 2)).toEqual([{ rows: [1, 2], tooMany: false }]);
  });
});

describe('basketKey', () => {
  it('sorts by time, then by receipt', () => {
    const key = (occurredAt: number, receiptNo: string) =>
      basketKey({ occurredAt } as Basket, row(1, { receiptNo }));
    expect([key(10, 'B'), key(9, 'Z'), key(10, 'A')].sort()).toEqual([
      key(9, 'Z'),
      key(10, 'A'),
      key(10, 'B'),
    ]);
  });
});
