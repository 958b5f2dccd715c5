import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportOptions } from './options.js';
import { parseMapping } from './parse-mapping.js';
import { prepareBaskets } from './prepare-baskets.js';
import { progressOn } from './progress.js';
import { newTotals } from './summary.js';
import { textWriter } from './text-encoding.js';

/** Files as a spreadsheet, tills in Taiwan and a web shop write them, each with a mapping that reads it. */

const BASE = { currency: 'TWD', timeZone: 'Asia/Taipei', source: { constant: 'pos' } };
const COLUMNS = { receiptNo: 'no', member: 'who', occurredAt: 'when', sku: 'sku', amount: 'paid' };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laurel-messy-'));
});
afterAll(() => rm(folder, { recursive: true }));

const bytes = (encoding: string, text: string): Buffer => {
  const written = textWriter(encoding)(text);
  if (written === null) throw new Error(`${encoding} does not have all of it`);
  return written;
};

interface Body {
  readonly receiptNo: string;
  readonly member: { readonly externalId: string };
  readonly occurredAt: string;
  readonly lines: readonly object[];
  readonly tenders?: readonly object[];
}

/** The receipts that a file comes to, what is rejected of it (row and code), and the totals. */
async function imported(content: Buffer | string, mapping: object) {
  const file = join(folder, 'file.csv');
  await writeFile(file, content);
  const options: ImportOptions = {
    file,
    mappingFile: join(folder, 'mapping.json'),
    url: new URL('http://127.0.0.1:9'),
    key: null,
    enrol: false,
    rejectsFile: join(folder, 'rejected.csv'),
    limit: null,
    dryRun: true,
    quiet: true,
  };
  const totals = newTotals();
  const { baskets, rejects } = await prepareBaskets({
    options,
    mapping: parseMapping(JSON.stringify(mapping)),
    totals,
    progress: progressOn(process.stderr, true, () => 0),
    stop: new AbortController().signal,
    folder,
  });
  await rejects.close();
  const bodies: Body[] = [];
  for await (const { body } of baskets.sorted()) bodies.push(JSON.parse(body) as Body);
  const rejected = rejects.count === 0 ? '' : await readFile(options.rejectsFile, 'latin1');
  const codes = [...rejected.matchAll(/^(\d+)[,;\t]([A-Z_]+)[,;\t]/gm)].map(
    ([, row, code]) => `${row} ${code}`,
  );
  return { bodies, codes, totals };
}

describe('a spreadsheet', () => {
  it('saved as CSV in Windows: semicolons, sep=, comma decimals, a euro sign, blank rows, unused repeated headers', async () => {
    const text = [
      'sep=;',
      'no;who;when;sku;paid;Notiz;Notiz;',
      'R1;Müller-7;28.01.2026 14:06;A-1;1.234,50 €;;;',
      '',
      ';;;;;;;',
      'R2;Jörg;28.01.2026 15:06;A-2;"7,00 €";"a\r\nb";x;',
    ].join('\r\n');
    const mapping = {
      ...BASE,
      ...COLUMNS,
      csv: { delimiter: ';', encoding: 'windows-1252' },
      numbers: { decimalSeparator: ',', thousandsSeparator: '.', currencySigns: ['€'] },
      occurredAt: { column: 'when', format: 'dd.MM.yyyy HH:mm' },
    };
    const { bodies, codes } = await imported(bytes('windows-1252', text), mapping);
    expect(codes).toEqual([]);
    expect(bodies).toMatchObject([
      { member: { externalId: 'Müller-7' }, lines: [{ amountMinor: 123_450 }] },
      {
        member: { externalId: 'Jörg' },
        occurredAt: '2026-01-28T07:06:00.000Z',
        lines: [{ amountMinor: 700 }],
      },
    ]);
    const without = { ...mapping, numbers: { decimalSeparator: ',', thousandsSeparator: '.' } };
    expect((await imported(bytes('windows-1252', text), without)).codes).toEqual([
      '2 AMOUNT_NOT_A_NUMBER',
      '5 AMOUNT_NOT_A_NUMBER',
    ]);
  });

  it('that spoilt a part of a key, which the prefix or the other columns hide', async () => {
    const text = [
      'store,no,who,when,sku,paid',
      'S1,"2,9001E+12",C1,2026-01-28,A,1.00',
      '#NV,17,C1,2026-01-28,A,1.00',
      'S1,18,"2,9001E+12",2026-01-28,A,1.00',
      'S1,19,#N/A,2026-01-28,A,1.00',
      'S1,20,C1,2026-01-28,#REF!,1.00',
      'S1,21,C1,2026-01-28,A,1.00',
    ].join('\n');
    const mapping = {
      ...{ ...BASE, ...COLUMNS },
      receiptNo: { columns: ['store', 'no'], separator: '-' },
      member: { column: 'who', prefix: 'old-' },
      sku: { column: 'sku', prefix: 'K-' },
    };
    const { bodies, codes } = await imported(text, mapping);
    expect(codes).toEqual([
      '2 RECEIPT_NO_SPREADSHEET_NUMBER',
      '3 RECEIPT_NO_SPREADSHEET_ERROR',
      '4 MEMBER_SPREADSHEET_NUMBER',
      '5 MEMBER_SPREADSHEET_ERROR',
      '6 SKU_SPREADSHEET_ERROR',
    ]);
    expect(bodies).toMatchObject([{ receiptNo: 'S1-21', member: { externalId: 'old-C1' } }]);
  });

  it('that spoilt keys: long numbers, errors, formulas', async () => {
    const text = [
      'no,who,when,sku,paid',
      '2.9E+12,C1,2026-01-28,A,1.00',
      'R2,"2,9001E+12",2026-01-28,A,1.00',
      'R3,#N/A,2026-01-28,A,1.00',
      'R4,#NV,2026-01-28,A,1.00',
      'R5,C1,2026-01-28,#REF!,1.00',
      'R6,C1,2026-01-28,"=""00123""",1.00',
      'R7,C1,2026-01-28,########,1.00',
      'R8,C1,2026-01-28,#1-A,1.00',
      'R9,C1,2026-01-28,2E10,1.00',
    ].join('\n');
    const { bodies, codes } = await imported(text, { ...BASE, ...COLUMNS });
    expect(codes).toEqual([
      '2 RECEIPT_NO_SPREADSHEET_NUMBER',
      '3 MEMBER_SPREADSHEET_NUMBER',
      '4 MEMBER_SPREADSHEET_ERROR',
      '5 MEMBER_SPREADSHEET_ERROR',
      '6 SKU_SPREADSHEET_ERROR',
      '7 SKU_FORMULA',
      '8 SKU_SPREADSHEET_ERROR',
    ]);
    expect(bodies.map(({ lines }) => lines)).toMatchObject([[{ sku: '#1-A' }], [{ sku: '2E10' }]]);
  });

  it('whose formulas keep leading zeros, quoted or not', async () => {
    const text = 'no,who,when,sku,paid\nR1,="00123",2026-01-28,"=""0077""",1.00\n';
    const { bodies } = await imported(text, { ...BASE, ...COLUMNS, texts: { formulas: 'unwrap' } });
    expect(bodies).toMatchObject([{ member: { externalId: '00123' }, lines: [{ sku: '0077' }] }]);
    await expect(imported(text, { ...BASE, ...COLUMNS })).rejects.toThrow(/not CSV in row 2: .*strayQuotes/);
  });

  it('saved as Unicode text: UTF-16 with a mark, tabs', async () => {
    const text = 'no\twho\twhen\tsku\tpaid\r\nR1\t王小明\t2026-01-28\t茶\t50\r\n';
    const mapping = { ...BASE, ...COLUMNS, csv: { delimiter: '\t', encoding: 'utf-16le' } };
    const { bodies } = await imported(Buffer.from(`\ufeff${text}`, 'utf16le'), mapping);
    expect(bodies).toMatchObject([
      { member: { externalId: '王小明' }, lines: [{ sku: '茶', amountMinor: 5000 }] },
    ]);
  });
});

describe('a till in Taiwan', () => {
  const HEADER = '日期,時間,機號,序號,會員,品號,品名,金額';

  it('in Big5: years of the Republic, 下午, numbers that begin again each day, NT$, walk-in customers', async () => {
    const text = [
      HEADER,
      '115/11/01,下午 03:15:20,A1,0001,2900100,T-1,茶,"NT$1,250"',
      '115/11/01,上午 09:00:00,A1,0002,散客,T-2,奶茶,50元',
      '115/11/02,下午 12:30:00,A1,0001,2900100,T-1,茶,50元',
    ].join('\r\n');
    const mapping = {
      ...BASE,
      csv: { encoding: 'big5' },
      source: { column: '機號', prefix: 'till-' },
      receiptNo: { columns: ['日期', '序號'], separator: '-' },
      occurredAt: { columns: ['日期', '時間'], format: 'yyyy/MM/dd a hh:mm:ss', calendar: 'roc' },
      member: '會員',
      sku: '品號',
      category: '品名',
      amount: '金額',
      numbers: { thousandsSeparator: ',', currencySigns: ['NT$', '元'] },
      noMember: { texts: ['散客'], receipts: 'count' },
    };
    const { bodies, codes, totals } = await imported(bytes('big5', text), mapping);
    expect(codes).toEqual([]);
    expect(bodies).toMatchObject([
      { receiptNo: '115/11/01-0001', occurredAt: '2026-11-01T07:15:20.000Z', lines: [{ category: '茶' }] },
      { receiptNo: '115/11/02-0001', occurredAt: '2026-11-02T04:30:00.000Z', lines: [{ amountMinor: 5000 }] },
    ]);
    expect([totals.withoutMember, totals.withoutMemberMinor]).toEqual([1, 5000n]);
    const plain = { ...mapping, receiptNo: '序號', noMember: ['散客'] };
    expect((await imported(bytes('big5', text), plain)).codes.sort()).toEqual([
      '2 RECEIPT_DISAGREES',
      '3 MEMBER_NONE',
      '4 RECEIPT_DISAGREES',
    ]);
    const gregorian = { ...mapping, occurredAt: { ...mapping.occurredAt, calendar: 'gregorian' } };
    expect((await imported(bytes('big5', text), gregorian)).codes).toEqual([
      '2 OCCURRED_AT_UNREADABLE',
      '3 OCCURRED_AT_UNREADABLE',
      '4 OCCURRED_AT_UNREADABLE',
    ]);
  });

  it('with full-width digits: refused with their row, read or kept as the mapping says', async () => {
    const text = 'no,who,when,sku,paid\nＲ１,２９００１,２０２６-０１-２８,Ａ,１，２５０．５０\n';
    const numbers = { thousandsSeparator: ',' };
    const mapping = { ...BASE, ...COLUMNS, numbers };
    expect((await imported(text, mapping)).codes).toEqual(['2 RECEIPT_NO_FULL_WIDTH']);
    const read = await imported(text, { ...mapping, texts: { fullWidth: 'convert' } });
    expect(read.bodies).toMatchObject([
      { receiptNo: 'R1', member: { externalId: '29001' }, lines: [{ sku: 'A', amountMinor: 125_050 }] },
    ]);
    const kept = 'no,who,when,sku,paid\nR1,C1,2026-01-28,Ｔ恤,1\n';
    expect((await imported(kept, mapping)).codes).toEqual(['2 SKU_FULL_WIDTH']);
    expect((await imported(kept, { ...mapping, texts: { fullWidth: 'keep' } })).bodies).toMatchObject([
      { lines: [{ sku: 'Ｔ恤' }] },
    ]);
  });

  it('with compact years, and no header', async () => {
    const text = '0001,2900100,1151101153000,T-1,50\n';
    const mapping = {
      ...BASE,
      ...COLUMNS,
      csv: { columns: ['no', 'who', 'when', 'sku', 'paid'] },
      occurredAt: { column: 'when', format: 'yyyyMMddHHmmss', calendar: 'roc' },
    };
    expect((await imported(text, mapping)).bodies).toEqual([]);
    const split = { ...mapping, occurredAt: { column: 'when', format: 'yyyyMMdd HHmmss', calendar: 'roc' } };
    const { bodies } = await imported(text.replace('1151101153000', '1151101 153000'), split);
    expect(bodies).toMatchObject([{ occurredAt: '2026-11-01T07:30:00.000Z' }]);
  });
});

describe('a shop system', () => {
  it('with discount lines, a discount column, tenders in columns and a list price', async () => {
    const text = [
      'no,who,when,sku,gross,off,list,cash,coupon',
      'W1,C1,2026-01-28T10:00:00Z,A,100.00,-10.00,120.00,130.00,5.00',
      'W1,C1,2026-01-28T10:00:00Z,B,60.00,,,130.00,5.00',
      'W1,C1,2026-01-28T10:00:00Z,VIP,-15.00,,,130.00,5.00',
    ].join('\n');
    const mapping = {
      ...BASE,
      ...COLUMNS,
      amount: 'gross',
      discount: { column: 'off', negative: true },
      list: 'list',
      negativeLines: 'discount',
      tenders: [
        { type: { constant: 'cash' }, amount: 'cash' },
        { type: { constant: 'coupon' }, kind: 'discount', amount: 'coupon' },
      ],
    };
    const { bodies, codes } = await imported(text, mapping);
    expect(codes).toEqual([]);
    expect(bodies).toMatchObject([
      {
        lines: [
          { sku: 'A', amountMinor: 9000, listMinor: 12_000 },
          { sku: 'B', amountMinor: 6000 },
        ],
        tenders: [
          { type: 'cash', amountMinor: 13_000 },
          { type: 'coupon', kind: 'discount', amountMinor: 500 },
          { type: 'discount', kind: 'discount', amountMinor: 1500 },
        ],
      },
    ]);
    const strict = { ...mapping, negativeLines: 'reject', discount: 'off' };
    expect((await imported(text, strict)).codes).toEqual([
      '2 DISCOUNT_NEGATIVE',
      '4 AMOUNT_NEGATIVE',
      '3 RECEIPT_REJECTED',
    ]);
  });

  it('with a tender in each row, gift cards, goods sold for a commission, and goods that come back', async () => {
    const text = [
      'no,who,when,sku,paid,qty,pay,amt,kind,fee',
      'W1,C1,2026-01-28T10:00:00Z,A,100,1,cash,60,own,',
      'W1,C1,2026-01-28T10:00:00Z,GC,50,1,card,90,none,',
      'W2,C1,2026-01-28T11:00:00Z,X,80,1,card,80,agent,8',
      'W3,C1,2026-01-28T12:00:00Z,A,-100,-1,cash,,own,',
      'W4,C1,2026-01-28T13:00:00Z,A,10,1,cash,10,mine,',
    ].join('\n');
    const { bodies, codes } = await imported(text, {
      ...BASE,
      ...COLUMNS,
      quantity: 'qty',
      revenue: 'kind',
      commission: 'fee',
      negativeLines: 'discount',
      tenders: [{ type: 'pay', amount: 'amt', per: 'row' }],
    });
    expect(bodies).toMatchObject([
      {
        lines: [{ revenue: 'own' }, { revenue: 'none' }],
        tenders: [
          { type: 'card', amountMinor: 9000 },
          { type: 'cash', amountMinor: 6000 },
        ],
      },
      { lines: [{ revenue: 'agent', commissionMinor: 800 }] },
    ]);
    expect(codes).toEqual(['5 QUANTITY_NEGATIVE', '6 REVENUE_UNKNOWN']);
  });

  it('whose texts have what nobody sees: refused as the API refuses them', async () => {
    const text = 'no,who,when,sku,paid\nR1,29\u200b001,2026-01-28,A,1\nR2,C1,2026-01-28,A\u00a0B,1\n';
    expect((await imported(text, { ...BASE, ...COLUMNS })).codes).toEqual([
      '2 MEMBER_NOT_TEXT',
      '3 SKU_NOT_TEXT',
    ]);
  });

  it('joins keys so that no two come out alike', async () => {
    const text =
      'no,part,who,when,sku,paid\n1-2,3,C1,2026-01-28,A,1\n1,2-3,C1,2026-01-28,A,1\n,9,C1,2026-01-28,A,1\n';
    const receiptNo = { columns: ['no', 'part'], separator: '-' };
    const { bodies, codes } = await imported(text, { ...BASE, ...COLUMNS, receiptNo });
    expect(bodies.map((body) => body.receiptNo).sort()).toEqual(['1-2\\-3', '1\\-2-3']);
    expect(codes).toEqual(['4 RECEIPT_NO_BLANK']);
  });
});
