import { Columns, type LookupTables } from './cell-reader.js';
import { rowMapper } from './map-row.js';
import { parseMapping } from './parse-mapping.js';
import type { PlacedRow } from './row.js';

const HEADER = ['basket', 'who', 'when', 'item', 'qty', 'paid', 'vat', 'till', 'week'];
const GOOD = ['B1', 'C7', '2017-01-28T14:06:53', 'A-1', '2', '10.50', '0.50', '12', '5'];

const mappingOf = (changes: object = {}) =>
  parseMapping(
    JSON.stringify({
      currency: 'USD',
      timeZone: 'America/New_York',
      source: { column: 'till', prefix: 'store-' },
      receiptNo: 'basket',
      member: 'who',
      occurredAt: 'when',
      sku: 'item',
      quantity: 'qty',
      amount: 'paid',
      tax: 'vat',
      channel: { constant: 'pos' },
      attributes: { week: 'week' },
      ...changes,
    }),
  );

const map = (cells: readonly string[], changes: object = {}, tables: LookupTables = {}) =>
  rowMapper(mappingOf(changes), HEADER, tables)({ row: 2, cells }).row as PlacedRow;

const withCell = (column: string, text: string) => GOOD.with(HEADER.indexOf(column), text);

describe('rowMapper', () => {
  it('turns a row into a line of a receipt', () => {
    expect(map(GOOD)).toEqual({
      row: 2,
      cells: GOOD,
      source: 'store-12',
      receiptNo: 'B1',
      receipt: {
        member: 'C7',
        occurredAt: Date.UTC(2017, 0, 28, 19, 6, 53),
        channel: 'pos',
        attributes: { week: '5' },
      },
      line: { sku: 'A-1', quantity: '2', amountMinor: 1050, taxMinor: 50 },
    });
  });

  it('leaves blanks out, and takes an amount and a quantity of 0', () => {
    const { receipt, line } = map(['B1', 'C7', '2017-01-28', 'A-1', '0', '0', '', '12', '']);
    expect(receipt).not.toHaveProperty('attributes');
    expect(line).toEqual({ sku: 'A-1', quantity: '0', amountMinor: 0 });
  });

  it.each([
    ['paid', '-1', 'AMOUNT_NEGATIVE'],
    ['paid', '', 'AMOUNT_BLANK'],
    ['paid', '1.234', 'AMOUNT_TOO_MANY_DECIMALS'],
    ['qty', 'two', 'QUANTITY_NOT_A_NUMBER'],
    ['vat', '11', 'TAX_EXCEEDS_AMOUNT'],
    ['who', ' ', 'MEMBER_BLANK'],
    ['item', '', 'SKU_BLANK'],
    ['item', 'x'.repeat(101), 'SKU_TOO_LONG'],
    ['item', 'a\0b', 'SKU_NOT_TEXT'],
    ['when', 'yesterday', 'OCCURRED_AT_UNREADABLE'],
    ['when', '1969-01-01', 'OCCURRED_AT_UNREADABLE'],
    ['when', '', 'OCCURRED_AT_BLANK'],
  ])('keeps a row with %s "%s" with its receipt, faulty: %s', (column, text, code) => {
    expect(map(withCell(column, text))).toMatchObject({ receiptNo: 'B1', fault: { code } });
  });

  it('tells every fault of a row in sentences', () => {
    const cells = withCell('paid', 'free').with(1, '');
    expect(map(cells).fault).toEqual({
      code: 'MEMBER_BLANK',
      reason:
        'The member is blank; the amount "free" is no plain decimal number in the format of the mapping.',
    });
  });

  it('rejects a row that names no receipt at once', () => {
    const mapped = rowMapper(mappingOf(), HEADER, {})({ row: 9, cells: withCell('basket', '') });
    expect(mapped).toMatchObject({ placed: false, row: { row: 9, code: 'RECEIPT_NO_BLANK' } });
    expect(map(withCell('till', ''))).toMatchObject({ code: 'SOURCE_BLANK' });
    expect(map(withCell('basket', 'a\nb'))).toMatchObject({ code: 'RECEIPT_NO_NOT_TEXT' });
  });

  it('rejects a row with another number of columns', () => {
    expect(map([...GOOD, 'extra'])).toMatchObject({ receiptNo: 'B1', fault: { code: 'COLUMN_COUNT' } });
  });

  it('splits tax out at a rate, exactly half up', () => {
    const tax = (paid: string, taxRate: string) =>
      map(withCell('paid', paid), { tax: undefined, taxRate }).line?.taxMinor;
    expect(tax('105.00', '0.05')).toBe(500);
    expect(tax('1.00', '0.05')).toBe(5);
    // 0.03 x 0.2 / 1.2 is half a cent.
    expect(tax('0.03', '0.2')).toBe(1);
    expect(tax('0.02', '0.2')).toBe(0);
  });

  describe('with a lookup', () => {
    const lookup = { file: 'p.csv', key: 'id', match: 'item' };
    const changes = { category: { lookup: 'products', column: 'dept' }, lookups: { products: lookup } };
    const columns = new Columns(['id', 'dept']);
    const tables = { products: { columns, rows: new Map([['A-1', ['', ' GROCERY ']]]) } };

    it('brings its columns, and leaves them out when the key is not there', () => {
      expect(map(GOOD, changes, tables).line?.category).toBe('GROCERY');
      expect(map(withCell('item', 'Z'), changes, tables).line).not.toHaveProperty('category');
    });

    it('rejects rows without a match when told to', () => {
      const strict = { ...changes, lookups: { products: { ...lookup, missing: 'reject' } } };
      expect(map(withCell('item', 'Z'), strict, tables).fault).toEqual({
        code: 'LOOKUP_MISSING',
        reason: 'There is no "Z" in p.csv.',
      });
    });
  });

  it('minds a repeated or a blank header only where the mapping names it', () => {
    const header = [...HEADER, 'note', 'note', '', ''];
    const row = { row: 2, cells: [...GOOD, '', '', '', ''] };
    expect(rowMapper(mappingOf(), header, {})(row).row).toHaveProperty('line');
    expect(() => rowMapper(mappingOf({ brand: 'note' }), header, {})).toThrow(
      'brand.column: the file has the column "note" twice (columns 10 and 11)',
    );
  });

  it('names columns that the file does not have', () => {
    expect(() => map(GOOD, { amount: 'payd' })).toThrow(
      /amount\.column: the file has no column "payd"; it has "basket"/,
    );
  });
});
