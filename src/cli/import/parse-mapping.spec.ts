import { readFileSync } from 'node:fs';
import { MappingError } from './mapping.js';
import { parseBalanceMapping } from './parse-balance-mapping.js';
import { parseMapping } from './parse-mapping.js';
import { parseReturnMapping } from './parse-return-mapping.js';

const MINIMAL = {
  currency: 'USD',
  timeZone: 'America/New_York',
  source: { constant: 'old-pos' },
  receiptNo: 'basket',
  member: 'customer',
  occurredAt: 'time',
  sku: 'product',
  amount: 'paid',
};

const faultsOf = (changes: object): readonly string[] => {
  try {
    parseMapping(JSON.stringify({ ...MINIMAL, ...changes }));
    return [];
  } catch (error) {
    return (error as MappingError).faults;
  }
};

describe('parseMapping', () => {
  it('fills in what is left out', () => {
    expect(parseMapping(JSON.stringify(MINIMAL))).toMatchObject({
      csv: { delimiter: ',', quote: '"', encoding: 'utf-8', columns: null, strayQuotes: 'reject' },
      numbers: { decimalSeparator: '.', thousandsSeparator: null, trailingZeros: 'reject' },
      receiptNo: { kind: 'column', column: 'basket', prefix: '' },
      source: { kind: 'constant', value: 'old-pos' },
      occurredAtFormat: null,
      quantity: null,
      taxRate: null,
      lookups: {},
      attributes: {},
    });
  });

  it('reads the example in the documentation', () => {
    const mapping = parseMapping(readFileSync('docs/import-mapping.example.json', 'utf8'));
    expect(mapping.category).toEqual({
      kind: 'lookup',
      lookup: 'products',
      column: 'department',
      prefix: '',
    });
    expect(mapping.lookups['products']).toMatchObject({
      file: 'products.csv',
      key: 'product_id',
      missing: 'blank',
    });
  });

  it('reads every example in the text of the documentation', () => {
    const text = readFileSync('docs/import.md', 'utf8');
    const examples = [...text.matchAll(/```json\n(\{\n.*?)```/gs)].map(([, json]) => json as string);
    expect(examples).toHaveLength(4);
    for (const example of examples) {
      const purchases = example.includes('"original"') ? parseReturnMapping : parseMapping;
      const parse = example.includes('"sku"') ? purchases : parseBalanceMapping;
      expect(() => parse(example)).not.toThrow();
    }
  });

  it.each([
    [{ amount: undefined }, 'amount: is missing'],
    [{ amont: 'x' }, 'amont: there is no such field'],
    [{ amount: { colum: 'x' } }, 'amount.colum: there is no such field'],
    [{ amount: 7 }, 'amount: must be the name of a column, or an object with column, columns or constant'],
    [
      { sku: { column: 'a', constant: 'b' } },
      'sku: takes one of column, columns and constant, and lookup with column',
    ],
    [{ currency: 'usd' }, 'currency: must be an ISO 4217 code such as "USD", but is "usd"'],
    [{ timeZone: 'EST5' }, 'timeZone: must be an IANA zone such as "America/New_York", but is "EST5"'],
    [{ taxRate: 0.05 }, 'taxRate: must be text in quotes'],
    [{ taxRate: '5%' }, 'taxRate: must be a decimal in quotes such as "0.05", but is "5%"'],
    [{ taxRate: '0.05', tax: 'vat' }, 'taxRate: give either tax or taxRate, not both'],
    [{ csv: { encoding: 'latin-99' } }, 'csv: encoding "latin-99" is not known'],
    [{ csv: { quote: '""' } }, 'csv: quote must be one character, or "" for none'],
    [{ numbers: { decimalSeparator: ';' } }, 'numbers.decimalSeparator: must be one of ".", ",", but is ";"'],
    [{ numbers: { thousandsSeparator: '.' } }, 'numbers: the two separators must differ'],
    [{ brand: { lookup: 'products', column: 'brand' } }, 'brand.lookup: there is no "products" in lookups'],
    [{ attributes: { week: { constant: 3 } } }, 'attributes.week.constant: must be text in quotes'],
    [
      { attributes: JSON.parse('{"__proto__":"week"}') as object },
      'attributes: "__proto__" is no name that the server',
    ],
    [{ lineAttributes: { 'a\0': 'week' } }, 'lineAttributes: "a\\u0000" is no name that the server takes'],
    [{ sku: { columns: [] } }, 'sku.columns: must be a list of texts'],
    [{ occurredAt: { column: 'when', calendar: 'roc' } }, 'occurredAt.format: must say how times with years'],
    [{ occurredAt: { column: 'when', calendar: 'maya' } }, 'occurredAt.calendar: must be one of'],
    [{ noMember: '-' }, 'noMember: must be a list of texts, or an object with texts'],
    [{ noMember: [1] }, 'noMember: must be a list of texts'],
    [{ tenders: { type: 'a' } }, 'tenders: must be a list'],
    [{ tenders: [{ type: 'a', amount: 'b', kind: 'coupon' }] }, 'tenders.0.kind: must be one of "money"'],
    [{ tenders: [{ amount: 'b' }] }, 'tenders.0.type: is missing'],
    [
      { tenders: [{ type: 'a', amount: { lookup: 'l', column: 'b' } }] },
      'tenders.0.amount.lookup: there is no "l"',
    ],
    [{ discount: { column: 'd', negative: 'yes' } }, 'discount.negative: must be true or false'],
    [{ texts: { fullWidth: true } }, 'texts.fullWidth: must be text in quotes'],
    [{ numbers: { currencySigns: ['$.'] } }, 'numbers: currencySigns must have no digits'],
    [{ lookups: { products: { file: 'p.csv', match: 'sku' } } }, 'lookups.products.key: is missing'],
  ])('%j is refused: %s', (changes, fault) =>
    expect(faultsOf(changes)).toContainEqual(expect.stringContaining(fault)),
  );

  it('names every fault at once, and says when it is no JSON', () => {
    expect(faultsOf({ amount: undefined, currency: 'x', colour: 1 })).toHaveLength(3);
    expect(() => parseMapping('{')).toThrow(/not JSON/);
    expect(() => parseMapping('[]')).toThrow(/must be a JSON object/);
  });
});
