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
      'USD',
    );
    expect(basket.ok && { ...basket.value, body: JSON.parse(basket.value.body) }).toEqual({
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
      const basket = basketOf(sorted(order.map((at, index) => row(index + 2, { line: lines[at] }))), 'USD');
      return basket.ok && basket.value.body;
    };
    expect(body([2, 0, 1])).toBe(body([1, 2, 0]));
  });

  it('rejects the whole receipt for one bad row', () => {
    const bad = row(4, {
      line: undefined,
      receipt: undefined,
      fault: { code: 'AMOUNT_BLANK', reason: 'The amount is blank.' },
    });
    expect(basketOf([row(3), bad], 'USD')).toEqual({
      ok: false,
      refusal: [
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
    const basket = basketOf([row(2), other], 'USD');
    expect(!basket.ok && basket.refusal).toMatchObject([
      {
        row: 2,
        code: 'RECEIPT_DISAGREES',
        reason: 'Rows 2 and 3 of receipt R1 differ in member, occurredAt.',
      },
      { row: 3, code: 'RECEIPT_DISAGREES' },
    ]);
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
