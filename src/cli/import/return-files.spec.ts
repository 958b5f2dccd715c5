import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReturnMapping } from './parse-return-mapping.js';
import { readReturns, type ReturnBody } from './read-returns.js';
import { textWriter } from './text-encoding.js';

/** Files of returns as tills in Taiwan, a web shop and a spreadsheet write them, each with a mapping that reads it. */

const BASE = { currency: 'TWD', timeZone: 'Asia/Taipei', source: { constant: 'pos' } };
const COLUMNS = {
  receiptNo: 'no',
  occurredAt: 'when',
  original: { receiptNo: 'of' },
  sku: 'sku',
  quantity: 'qty',
};
const HEAD = 'no,when,of,sku,qty';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laurel-returns-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The returns that a file comes to, what is rejected of it (row and code), and the rows that are no returns. */
async function read(content: Buffer | string, mapping: object) {
  const [file, rejectsFile] = [join(folder, 'file.csv'), join(folder, 'rejected.csv')];
  await writeFile(file, content);
  const parsed = parseReturnMapping(JSON.stringify(mapping));
  const { returns, rejects, passedOver } = await readReturns({ file, rejectsFile }, parsed, folder);
  const bodies: ReturnBody[] = [];
  for await (const { body } of returns.sorted()) bodies.push(body);
  await rejects.close();
  const text = rejects.count === 0 ? '' : await readFile(rejectsFile, 'latin1');
  const rejected = [...text.matchAll(/^(\d+),([A-Z_]+),/gm)].map(([, row, code]) => `${row} ${code}`);
  return { bodies, rejected, passedOver };
}

const lines = (...rows: readonly string[]) => [HEAD, ...rows].join('\n');

describe('a file of returns', () => {
  it('of a till has a number for each return, and names the receipt and the articles', async () => {
    const { bodies, rejected } = await read(
      lines(
        'R-2,2026-05-02T10:00,A-1,cup,1',
        'R-1,2026-05-01T10:00,A-7,tea,2',
        'R-1,2026-05-01T10:00,A-7,cup,0.5',
      ),
      { ...BASE, ...COLUMNS },
    );
    expect(bodies).toEqual([
      {
        source: 'pos',
        receiptNo: 'R-1',
        occurredAt: '2026-05-01T02:00:00.000Z',
        original: { source: 'pos', receiptNo: 'A-7' },
        lines: [
          { sku: 'cup', quantity: '0.5' },
          { sku: 'tea', quantity: '2' },
        ],
      },
      {
        source: 'pos',
        receiptNo: 'R-2',
        occurredAt: '2026-05-02T02:00:00.000Z',
        original: { source: 'pos', receiptNo: 'A-1' },
        lines: [{ sku: 'cup', quantity: '1' }],
      },
    ]);
    expect(rejected).toEqual([]);
  });

  it('of a Taiwanese till in Big5 has sales and returns in one file, told apart by a word', async () => {
    const content = textWriter('big5')(
      [
        '機號,日期,時間,序號,類別,原機號,原日期,原序號,品號,數量',
        '3,115/05/01,下午 02:15:00,0007,銷售,,,,cup,1',
        '3,115/05/02,上午 09:05:00,0001,退貨,2,115/05/01,0012,cup,1',
      ].join('\r\n'),
    ) as Buffer;
    const { bodies, passedOver } = await read(content, {
      ...BASE,
      csv: { encoding: 'big5' },
      source: { column: '機號', prefix: 'till-' },
      receiptNo: { columns: ['日期', '序號'], separator: '-' },
      occurredAt: { columns: ['日期', '時間'], format: 'yyyy/MM/dd a hh:mm:ss', calendar: 'roc' },
      original: {
        source: { column: '原機號', prefix: 'till-' },
        receiptNo: { columns: ['原日期', '原序號'], separator: '-' },
      },
      sku: '品號',
      quantity: '數量',
      rows: { column: '類別', texts: ['退貨', '折讓'] },
    });
    expect(passedOver).toBe(1);
    expect(bodies).toEqual([
      {
        source: 'till-3',
        receiptNo: '115/05/02-0001',
        occurredAt: '2026-05-02T01:05:00.000Z',
        original: { source: 'till-2', receiptNo: '115/05/01-0012' },
        lines: [{ sku: 'cup', quantity: '1' }],
      },
    ]);
  });

  it('of receipts takes those with a minus, before or behind or as brackets, and passes the others over', async () => {
    const { bodies, passedOver, rejected } = await read(
      lines(
        'R-1,2026-05-01T10:00,A-7,tea,-2',
        'A-8,2026-05-01T10:00,,tea,2',
        'R-1,2026-05-01T10:00,A-7,cup,1-',
        'R-2,2026-05-01T11:00,A-7,jar,(3)',
      ),
      { ...BASE, ...COLUMNS, negative: true },
    );
    expect([passedOver, rejected]).toEqual([1, []]);
    expect(bodies.map(({ lines }) => lines)).toEqual([
      [
        { sku: 'cup', quantity: '1' },
        { sku: 'tea', quantity: '2' },
      ],
      [{ sku: 'jar', quantity: '3' }],
    ]);
  });

  it('of a web shop gives money back without goods, and has separators and a currency sign', async () => {
    const { bodies } = await read(
      'no;when;of;sku;qty;paid\nW-1;2026-05-01T10:00+08:00;O-1;lamp;0;"-NT$1.250,50"\nW-2;2026-05-01T10:05+08:00;O-1;lamp;-1;-99',
      {
        ...BASE,
        ...COLUMNS,
        csv: { delimiter: ';' },
        numbers: { decimalSeparator: ',', thousandsSeparator: '.', currencySigns: ['NT$'] },
        amount: 'paid',
        negative: true,
      },
    );
    expect(bodies.map(({ lines }) => lines)).toEqual([
      [{ sku: 'lamp', amountMinor: 125_050 }],
      [{ sku: 'lamp', quantity: '1' }],
    ]);
  });

  it('of cancelled receipts names no articles: all that is left comes back', async () => {
    const { bodies } = await read('no,when,of\nC-1,2026-05-01T10:00,A-1', {
      ...BASE,
      receiptNo: 'no',
      occurredAt: 'when',
      original: { source: { constant: 'web' }, receiptNo: 'of' },
    });
    expect(bodies).toMatchObject([{ original: { source: 'web', receiptNo: 'A-1' }, whole: true }]);
  });

  it('names lines by their number on the receipt, and adds up the rows of one line', async () => {
    const { lineNo, ...rest } = { ...COLUMNS, lineNo: 'sku' };
    const { sku, ...columns } = rest;
    expect(sku).toBe('sku');
    const { bodies } = await read(
      lines(
        'R-1,2026-05-01T10:00,A-1,10,1.5',
        'R-1,2026-05-01T10:00,A-1,2,1',
        'R-1,2026-05-01T10:00,A-1,10,0.25',
      ),
      { ...BASE, ...columns, lineNo },
    );
    expect(bodies[0]?.lines).toEqual([
      { lineNo: 2, quantity: '1' },
      { lineNo: 10, quantity: '1.75' },
    ]);
  });

  it('from a spreadsheet has numbers spoilt, formulas and errors: such rows are refused, each with its row', async () => {
    const rows = [
      '2.9E+12,2026-05-01T10:00,A-1,cup,1',
      'R-2,2026-05-01T10:00,#N/A,cup,1',
      '="00123",2026-05-01T10:00,A-1,cup,1',
    ];
    const { bodies, rejected } = await read(lines(...rows), {
      ...BASE,
      ...COLUMNS,
      csv: { strayQuotes: 'keep' },
    });
    expect(bodies).toEqual([]);
    expect(rejected.sort()).toEqual([
      '2 RECEIPT_NO_SPREADSHEET_NUMBER',
      '3 ORIGINAL_NO_SPREADSHEET_ERROR',
      '4 RECEIPT_NO_FORMULA',
    ]);
    const unwrapped = await read(lines(...rows), { ...BASE, ...COLUMNS, texts: { formulas: 'unwrap' } });
    expect(unwrapped.bodies).toMatchObject([{ receiptNo: '00123' }]);
  });

  it('is refused row by row where something is missing or cannot be read, and return by return', async () => {
    const { bodies, rejected } = await read(
      lines(
        'R-1,2026-05-01T10:00,,cup,1',
        'R-2,yesterday,A-1,cup,1',
        'R-3,2026-05-01T10:00,A-1,,1',
        'R-4,2026-05-01T10:00,A-1,cup,',
        'R-5,2026-05-01T10:00,A-1,cup,-1',
        'R-6,2026-05-01T10:00,A-1,cup,one',
        ',2026-05-01T10:00,A-1,cup,1',
        'R-7,2026-05-01T10:00,A-1,cup,1',
        'R-7,2026-05-01T10:00,A-1,tea,1,1',
      ),
      { ...BASE, ...COLUMNS },
    );
    expect(bodies).toEqual([]);
    expect(rejected.sort()).toEqual([
      '10 COLUMN_COUNT',
      '2 ORIGINAL_NO_BLANK',
      '3 OCCURRED_AT_UNREADABLE',
      '4 SKU_BLANK',
      '5 QUANTITY_BLANK',
      '6 AMOUNT_NEGATIVE',
      '7 QUANTITY_NOT_A_NUMBER',
      '8 RECEIPT_NO_BLANK',
      '9 RETURN_REJECTED',
    ]);
  });

  it('contradicts itself: rows of one return that name two receipts, or pieces and money of one article', async () => {
    const { rejected } = await read(
      'no,when,of,sku,qty,paid\nR-1,2026-05-01T10:00,A-1,cup,1,\nR-1,2026-05-01T10:00,A-2,tea,1,\nR-2,2026-05-01T10:00,A-1,cup,1,\nR-2,2026-05-01T10:00,A-1,cup,,5',
      { ...BASE, ...COLUMNS, amount: 'paid' },
    );
    expect(rejected.sort()).toEqual([
      '2 RETURN_DISAGREES',
      '3 RETURN_DISAGREES',
      '4 RETURN_MIXED',
      '5 RETURN_MIXED',
    ]);
  });

  it('has a byte order mark, empty rows, full-width digits and a line break in a cell', async () => {
    const { bodies, rejected } = await read(
      '\ufeffno,when,of,sku,qty,note\r\n\r\nR-1,2026-05-01T10:00,Ａ-１,cup,２,"torn\nbox"\r\n,,,,,\r\n',
      { ...BASE, ...COLUMNS, texts: { fullWidth: 'convert' } },
    );
    expect(rejected).toEqual([]);
    expect(bodies).toMatchObject([
      { original: { receiptNo: 'A-1' }, lines: [{ sku: 'cup', quantity: '2' }] },
    ]);
  });

  it('comes to the same returns whatever the order of its rows', async () => {
    const rows = [
      'R-1,2026-05-01T10:00,A-7,tea,2',
      'R-1,2026-05-01T10:00,A-7,cup,1',
      'R-0,2026-05-02T10:00,A-7,cup,1',
    ];
    const mapping = { ...BASE, ...COLUMNS };
    const [forth, back] = [
      await read(lines(...rows), mapping),
      await read(lines(...rows.toReversed()), mapping),
    ];
    expect(back).toEqual(forth);
  });
});

describe('a mapping of returns', () => {
  it.each([
    [{ sku: 'sku' }, /quantity: is missing/],
    [{ sku: 'sku', lineNo: 'line', quantity: 'qty' }, /lineNo: give it or sku/],
    [{ quantity: 'qty' }, /sku: is missing/],
    [{ negative: true }, /negative: needs quantity or amount/],
    [{ rows: { column: 'kind' } }, /rows: needs texts/],
    [{ original: 'of' }, /original: must be an object/],
    [{ member: 'who' }, /member: there is no such field/],
    [
      { sku: { column: 'sku', lookup: 'articles' }, quantity: 'qty' },
      /sku.lookup: a mapping of returns has no lookups/,
    ],
  ])('is refused where it cannot hold: %j', (part, message) => {
    const whole = { ...BASE, receiptNo: 'no', occurredAt: 'when', original: { receiptNo: 'of' }, ...part };
    expect(() => parseReturnMapping(JSON.stringify(whole))).toThrow(message);
  });
});
