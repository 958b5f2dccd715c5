import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { importBalances } from '../../src/cli/import/import-balances.js';
import { importPurchases } from '../../src/cli/import/import-purchases.js';
import { importReturns } from '../../src/cli/import/import-returns.js';
import { textWriter } from '../../src/cli/import/text-encoding.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

describe('laurel import', () => {
  let engine: TestEngine;
  let folder: string;
  let key: string;
  const clock = new MovingClock(Date.parse('2026-01-03T10:00:00+08:00'));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'laurel-import-e2e-'));
    engine = await startTestEngine({ clock });
    const builder = await new ProgrammeBuilder(engine.api).shop();
    await builder.policy({ booksFrom: '2026-01' });
    key = (await engine.withScopes('import')).key as string;
  });
  afterAll(async () => {
    await engine.close();
    await rm(folder, { recursive: true });
  });

  async function run(
    command: typeof importBalances,
    content: Buffer | string,
    mapping: object,
    ...more: string[]
  ) {
    const [file, mappingFile] = [join(folder, 'file.csv'), join(folder, 'mapping.json')];
    await writeFile(file, content);
    await writeFile(mappingFile, JSON.stringify(mapping));
    const stdout = new PassThrough({ encoding: 'utf8' });
    const stderr = new PassThrough({ encoding: 'utf8' });
    const args = [file, '--mapping', mappingFile, ...more];
    const code = await command(args, { LAUREL_URL: engine.url, LAUREL_KEY: key }, { stdout, stderr });
    return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
  }
  const rejects = () => readFile(join(folder, 'file.csv.rejected.csv'), 'utf8');
  const members = async () =>
    (await engine.api.get('/v1/members?limit=500')).body.data.map(
      (one: { externalId: string }) => one.externalId,
    );

  const BALANCES = {
    csv: { encoding: 'big5' },
    numbers: { thousandsSeparator: ',', currencySigns: ['NT$'] },
    currency: 'TWD',
    source: 'old-pos',
    externalId: '批號',
    member: '會員',
    points: '點數',
    carried: '金額',
    origin: '來源',
    earnedOn: { column: '取得日', format: 'yyyy/MM/dd', calendar: 'roc' },
    expiresOn: { column: '到期日', format: 'yyyy/MM/dd', calendar: 'roc' },
  };
  const ROWS = [
    '批號,會員,點數,金額,來源,取得日,到期日',
    'L-1,A-1,"1,000","NT$800.00",purchase,114/03/14,115/12/31',
    'L-2,A-1,50,,non_purchase,114/06/01,',
    'L-3,B-2,200,NT$150.50,purchase,113/12/01,115/06/30',
  ];
  const file = (rows: readonly string[]) => textWriter('big5')(rows.join('\r\n')) as Buffer;
  const TOTALS = ['--lots', '3', '--points', '1250', '--carried', '950.50'];

  it('writes nothing of balances where the file is not what the old system states', async () => {
    const more = ['--lots', '3', '--points', '1251', '--carried', '950.50', '--enrol'];
    const { code, out, err } = await run(importBalances, file(ROWS), BALANCES, ...more);
    expect(code).toBe(2);
    expect(out).toMatch(/Points +1,251 +1,250 +-1\n/);
    expect(err).toMatch(/nothing was written/);
    expect(await members()).toEqual([]);
    const bad = await run(
      importBalances,
      file([...ROWS.slice(0, 3), ROWS[3]?.replace('150.50', 'free') ?? '']),
      BALANCES,
      ...TOTALS,
    );
    expect(bad.code).toBe(2);
    expect(await rejects()).toContain('CARRIED_NOT_A_NUMBER');
  });

  it('tries balances, brings them in once, and proves it', async () => {
    const dry = await run(importBalances, file(ROWS), BALANCES, ...TOTALS, '--enrol', '--dry-run');
    expect([dry.code, await members()]).toEqual([0, []]);
    expect(dry.out).toMatch(/Lots taken +3 new, 0 there already, 0 refused\n.*\nWritten +nothing\n/);
    const { code, out } = await run(importBalances, file(ROWS), BALANCES, ...TOTALS, '--enrol');
    expect(out).toMatch(/Carried, TWD +950\.50 +950\.50 +950\.50 +0\.00\n/);
    expect(out).toMatch(
      /Members enrolled +2\nPosted on +2026-01-01\nAgrees +yes\nLots tie to the books +yes\n/,
    );
    expect(code).toBe(0);
    const again = await run(importBalances, file(ROWS), BALANCES, ...TOTALS, '--enrol');
    expect([again.code, again.out]).toEqual([0, expect.stringMatching(/Lots taken +0 new, 3 there already/)]);
    const { body } = await engine.api.get('/v1/finance/liability');
    expect(body.lines[0]).toMatchObject({ points: 1250, gross: '950.500000' });
  });

  it('reports what the server refuses of balances as a difference', async () => {
    const rows = [...ROWS, 'L-4,B-2,10,,non_purchase,115/01/01,'];
    const more = ['--lots', '4', '--points', '1260', '--carried', '950.50'];
    const held = await run(importBalances, file(rows), BALANCES, ...more);
    expect([held.code, held.out]).toEqual([
      2,
      expect.stringMatching(/Rejected rows +1, [^]*Written +nothing/),
    ]);
    expect(await rejects()).toMatch(/5,OPENING_EARNED_LATER,/);
    const { code, out } = await run(importBalances, file(rows), BALANCES, ...more, '--accept-difference');
    expect(code).toBe(2);
    expect(out).toMatch(/Lots +4 +4 +3 +-1\n[^]*3 there already, 1 refused\n[^]*Agrees +no\n/);
    expect(await rejects()).toMatch(/5,OPENING_EARNED_LATER,/);
  });

  describe('judges every row before the first is written', () => {
    const MANY = {
      currency: 'TWD',
      source: 'old-many',
      externalId: 'lot',
      member: 'who',
      points: 'points',
      origin: { constant: 'non_purchase' },
      earnedOn: 'day',
    };
    const lots = (changed: Readonly<Record<number, string>> = {}) =>
      ['lot,who,points,day', ...Array.from({ length: 600 }, (_, i) => `M-${i},C-1,1,2025-06-01`)]
        .map((row, index) => changed[index + 1] ?? row)
        .join('\n');
    const stated = (count: number) => ['--lots', `${count}`, '--points', '599', '--carried', '0', '--enrol'];
    const broughtIn = async () => {
      const query = 'source=old-many&lots=0&points=0&carriedMinor=0';
      return (await engine.api.get(`/v1/opening-balances/proof?${query}`)).body.broughtIn.lots;
    };

    it.each([
      ['within one request', 3, 581],
      ['in different requests', 3, 582],
    ])('an external id twice, %s', async (_, one, other) => {
      const text = lots({ [other]: `M-${one - 2},C-1,1,${other === 581 ? '2025-06-01' : '2025-06-30'}` });
      const { code, out } = await run(importBalances, text, MANY, ...stated(600));
      expect([code, await broughtIn()]).toEqual([2, 0]);
      expect(out).toMatch(/Rejected rows +2, /);
      const rows = (await rejects()).split('\n').map((row) => row.split(',').slice(0, 3).join(','));
      expect(rows.slice(1, 3)).toEqual([
        `${one},EXTERNAL_ID_TWICE,"The external id ""M-1"" of row ${one} is that of row ${other} too."`,
        `${other},EXTERNAL_ID_TWICE,"The external id ""M-1"" of row ${other} is that of row ${one} too."`,
      ]);
    });

    it('faults of the file and of the server together', async () => {
      const text = lots({ 2: 'M-0,C-1,-1,2025-06-01', 600: 'M-598,C-1,1,2026-01-01' });
      expect((await run(importBalances, text, MANY, ...stated(600))).code).toBe(2);
      expect(await rejects()).toMatch(/\n2,POINTS_NEGATIVE,[^]*\n600,OPENING_EARNED_LATER,/);
      expect(await broughtIn()).toBe(0);
    });

    it('a row of 0 points is no lot: it is left out of the totals, and counted', async () => {
      const text = lots({ 581: 'M-579,C-9,0,' });
      const wrong = await run(importBalances, text, MANY, ...stated(600));
      expect([wrong.code, wrong.out]).toEqual([2, expect.stringMatching(/Lots +600 +599 +-1\n/)]);
      expect(wrong.out).toMatch(/Rows of 0 points +1, left out/);
      expect(await broughtIn()).toBe(0);
      const { code, out } = await run(importBalances, text, MANY, ...stated(599));
      expect(out).toMatch(/Lots taken +599 new, [^]*Rows of 0 points +1, left out[^]*Agrees +yes/);
      expect([code, await broughtIn()]).toEqual([0, 599]);
      expect(await members()).not.toContain('C-9');
    });
  });

  const PURCHASES = {
    currency: 'TWD',
    timeZone: 'Asia/Taipei',
    source: { constant: 'web' },
    receiptNo: 'no',
    member: 'who',
    occurredAt: 'when',
    sku: 'sku',
    amount: 'paid',
    negativeLines: 'discount',
    tenders: [{ type: { constant: 'cash' }, amount: 'cash' }],
  };

  it('brings receipts with discounts and tenders in, and enrols nobody for one that cannot be taken', async () => {
    const rows = [
      'no,who,when,sku,paid,cash',
      'W1,N-1,2026-01-02T10:00:00,A,100.00,90.00',
      'W1,N-1,2026-01-02T10:00:00,VIP,-10.00,90.00',
      // Of before the books: it needs no accounting policy.
      'W2,N-2,2019-06-01T10:00:00,A,100.00,100.00',
      'W3,N-3,2026-02-02T10:00:00,A,100.00,100.00',
    ];
    const { code, out } = await run(importPurchases, rows.join('\n'), PURCHASES, '--enrol');
    expect(await rejects()).toMatch(/5,OCCURRED_IN_FUTURE,/);
    expect(code).toBe(2);
    expect(out).toMatch(/Baskets posted +2 \(2 new/);
    expect(await members()).not.toContain('N-3');
    const { body } = await engine.api.get('/v1/members?externalId=N-1');
    const balance = (await engine.api.get(`/v1/members/${body.data[0].id}/balance`)).body;
    // NT$100 less a discount of NT$10, a point for each NT$10.
    expect(balance.available).toBe(9);
  });

  it('takes returns back once, and names the rows that cannot be, which come in repaired', async () => {
    const purchases = [
      'no,who,when,sku,paid,qty',
      'A-1,N-7,2026-01-02T10:00:00,cup,200.00,2',
      'A-1,N-7,2026-01-02T10:00:00,tea,100.00,1',
    ];
    const { tenders, ...receipts } = PURCHASES;
    expect(tenders).toHaveLength(1);
    const sold = await run(
      importPurchases,
      purchases.join('\n'),
      { ...receipts, quantity: 'qty' },
      '--enrol',
    );
    expect([sold.code, sold.err]).toEqual([0, expect.any(String)]);
    const [{ id }] = (await engine.api.get('/v1/members?externalId=N-7')).body.data;
    const points = async () => (await engine.api.get(`/v1/members/${id}/balance`)).body.available;
    expect(await points()).toBe(30);

    const mapping = {
      ...{ currency: 'TWD', timeZone: 'Asia/Taipei', source: { constant: 'web' } },
      ...{ receiptNo: 'no', occurredAt: 'when', original: { receiptNo: 'of' }, sku: 'sku', quantity: 'qty' },
    };
    const returns = [
      'no,when,of,sku,qty',
      'R-1,2026-01-03T09:00:00,A-1,cup,1',
      'R-2,2026-01-03T09:10:00,A-9,cup,1',
      'R-3,2026-01-03T09:20:00,A-1,cup,5',
    ].join('\n');
    const asked = await run(importReturns, returns, mapping, '--dry-run');
    expect([asked.code, asked.out]).toEqual([
      2,
      expect.stringMatching(/Returns +3 read, 1 would go in, 0 there already, 2 /),
    ]);
    expect(await points()).toBe(30);
    const first = await run(importReturns, returns, mapping);
    expect([first.code, first.out]).toEqual([
      2,
      expect.stringMatching(/Returns +3 read, 1 new, 0 there already, 2 refused/),
    ]);
    // One of two cups of NT$200: 10 of 30 points.
    expect(await points()).toBe(20);
    const bad = await rejects();
    expect(bad).toMatch(/\n3,PURCHASE_NOT_FOUND,[^]*\n4,RETURN_EXCEEDS_PURCHASE,/);
    const again = await run(importReturns, returns, mapping);
    expect(again.out).toMatch(/0 new, 1 there already, 2 refused/);
    const repaired = bad.replace(',A-9,cup,1', ',A-1,tea,1').replace(',A-1,cup,5', ',A-1,cup,1');
    expect(await run(importReturns, repaired, mapping)).toMatchObject({ code: 0 });
    expect(await points()).toBe(0);
  });
});
