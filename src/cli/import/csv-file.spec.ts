import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCsv } from './csv-file.js';
import type { CsvFormat } from './mapping.js';
import { RejectsFile } from './rejects-file.js';
import type { SourceRow } from './row.js';

const FORMAT: CsvFormat = {
  delimiter: ',',
  quote: '"',
  encoding: 'utf-8',
  columns: null,
  strayQuotes: 'reject',
};

describe('CSV files', () => {
  let folder: string;
  let path: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'laurel-csv-'));
    path = join(folder, 'file.csv');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const read = async (content: string | Buffer, changes: Partial<CsvFormat> = {}) => {
    await writeFile(path, content);
    const { header, rows } = await openCsv(path, { ...FORMAT, ...changes });
    const found: SourceRow[] = [];
    for await (const row of rows) found.push(row);
    return { header, rows: found };
  };

  it('reads quotes, line breaks within them, a byte order mark and Windows line ends', async () => {
    expect(await read('\ufeffa,b\r\n"1, one","x\ny"\r\n"say ""hi""",\r\n')).toEqual({
      header: ['a', 'b'],
      rows: [
        { row: 2, cells: ['1, one', 'x\ny'] },
        { row: 3, cells: ['say "hi"', ''] },
      ],
    });
  });

  it('numbers rows as a spreadsheet does, and passes over those with nothing in them', async () => {
    const { rows } = await read('a,b\n"x\ny\nz",1\n\n , \n,,,\nlate,2\n');
    expect(rows).toEqual([
      { row: 2, cells: ['x\ny\nz', '1'] },
      { row: 6, cells: ['late', '2'] },
    ]);
  });

  it("takes Excel's sep= for no row, and refuses one that names another delimiter", async () => {
    const format = { delimiter: ';' };
    expect(await read('sep=;\r\na;b\r\n1;2\r\n', format)).toEqual({
      header: ['a', 'b'],
      rows: [{ row: 2, cells: ['1', '2'] }],
    });
    await expect(read('sep=;\na;b\n')).rejects.toThrow(/says that ";" stands .* the mapping says ","/);
  });

  it('reads a quote in the middle of a cell where the mapping says so, else names its row', async () => {
    const content = 'a,b\n"two\nlines",1\n\n5" pipe,2\n';
    await expect(read(content)).rejects.toThrow(/is not CSV in row 4: .*Quote/);
    const { rows } = await read(content, { strayQuotes: 'keep' });
    expect(rows[1]).toEqual({ row: 4, cells: ['5" pipe', '2'] });
  });

  it.each([
    ['windows-1252', 'a,b\nMüller,1\n'],
    ['iso-8859-15', 'a,b\nMüller,1\n'],
    ['big5', 'a,b\n測試A,1\n'],
    ['shift_jis', 'a,b\n測試,1\n'],
  ])('does not read UTF-8 as %s', async (encoding, content) => {
    await expect(read(content, { encoding })).rejects.toThrow(
      new RegExp(`is UTF-8 throughout, but the mapping reads it as ${encoding}|not text in ${encoding}`),
    );
    await expect(read(`\ufeff${content}`, { encoding })).rejects.toThrow(
      `begins with the byte order mark of utf-8, but the mapping reads it as ${encoding}`,
    );
  });

  it('reads a code page whose bytes are no UTF-8, plain ASCII in any, and UTF-16 by its mark', async () => {
    const latin = Buffer.from('a,b\nMüller,1\n', 'latin1');
    expect((await read(latin, { encoding: 'windows-1252' })).rows[0]?.cells).toEqual(['Müller', '1']);
    expect((await read('a,b\n1,2\n', { encoding: 'windows-1252' })).rows).toHaveLength(1);
    const wide = Buffer.from('\ufeffa,b\n全聯,1\n', 'utf16le');
    expect((await read(wide, { encoding: 'utf-16le' })).rows[0]?.cells).toEqual(['全聯', '1']);
    await expect(read(wide)).rejects.toThrow(/byte order mark of utf-16le/);
  });

  it('reads other delimiters, encodings, and files without a header or quotes', async () => {
    // 全聯 in Big5.
    const big5 = Buffer.from([0xa5, 0xfe, 0xc1, 0x70]);
    const content = Buffer.concat([Buffer.from('a;b\n5" pipe;'), big5, Buffer.from('\n')]);
    const format = { delimiter: ';', quote: null, encoding: 'big5' };
    expect(await read(content, format)).toEqual({
      header: ['a', 'b'],
      rows: [{ row: 2, cells: ['5" pipe', '全聯'] }],
    });
    expect((await read('1,2\n', { columns: ['a', 'b'] })).rows).toEqual([{ row: 1, cells: ['1', '2'] }]);
  });

  it('lets rows of another length through, to be rejected one by one', async () => {
    expect((await read('a,b\n1\n1,2,3\n')).rows.map(({ cells }) => cells.length)).toEqual([1, 3]);
  });

  it('says where a file is no CSV, no text, empty, or not there', async () => {
    await expect(read('a,b\n1,x"y\n')).rejects.toThrow(/is not CSV in row 2: .* at line 2/);
    await expect(read(Buffer.from([0x61, 0x0a, 0xff, 0xfe]))).rejects.toThrow(/not text in utf-8/);
    await expect(read('')).rejects.toThrow(/is empty/);
    await expect(openCsv(join(folder, 'none.csv'), FORMAT)).rejects.toThrow(/cannot be read: ENOENT/);
  });

  const BAD = { code: 'BAD', reason: 'Because, well.' };

  /** What a rejects file of these rows, and a rejects file of what is read from that, hold. */
  async function rejectedTwice(original: string | Buffer, changes: Partial<CsvFormat>) {
    const format = { ...FORMAT, ...changes };
    await writeFile(path, original);
    for (let round = 0; round < 2; round += 1) {
      const file = await openCsv(path, format);
      const rejects = await RejectsFile.begin(`${path}.rejected`, file, format);
      for await (const row of file.rows) await rejects.add([{ ...row, ...BAD }]);
      await rejects.close();
      await rename(`${path}.rejected`, path);
    }
    const { header, rows } = await openCsv(path, format);
    const found: (readonly string[])[] = [];
    for await (const { cells } of rows) found.push(cells);
    return { header, cells: found, bytes: await readFile(path) };
  }

  const MULLER = 'a,b\n"x,""y""","two\nlines"\nMüller,1\n';

  it.each([
    ['utf-8', Buffer.from(MULLER)],
    ['windows-1252', Buffer.from(MULLER, 'latin1')],
    ['utf-16le', Buffer.from(`\ufeff${MULLER}`, 'utf16le')],
  ])(
    'writes rejects in %s that the same mapping reads again, and rejects of rejects',
    async (encoding, bytes) => {
      const again = await rejectedTwice(bytes, { encoding });
      expect(again.header).toEqual(['a', 'b']);
      expect(again.cells).toEqual([
        ['x,"y"', 'two\nlines'],
        ['Müller', '1'],
      ]);
    },
  );

  it('keeps the bytes of a code page, and a byte order mark', async () => {
    const latin = await rejectedTwice(Buffer.from(MULLER, 'latin1'), { encoding: 'windows-1252' });
    expect(latin.bytes.includes(Buffer.from('Müller', 'latin1'))).toBe(true);
    const marked = await rejectedTwice(`\ufeff${MULLER}`, {});
    expect(marked.bytes.subarray(0, 3)).toEqual(Buffer.from('\ufeff'));
  });

  it('does so without quotes, with other quotes, and without a header', async () => {
    const plain = await rejectedTwice('a;b\n5" pipe;1\n', { delimiter: ';', quote: null });
    expect(plain.cells).toEqual([['5" pipe', '1']]);
    const other = await rejectedTwice("a,b\n'it''s, well',1\n", { quote: "'" });
    expect(other.cells).toEqual([["it's, well", '1']]);
    const headless = await rejectedTwice('1,2\n3,4\n', { columns: ['a', 'b'] });
    expect(headless.header).toEqual(['a', 'b']);
    expect(headless.cells).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  it('writes no file where nothing is rejected', async () => {
    await writeFile(path, 'a\n1\n');
    const file = await openCsv(path, FORMAT);
    await (await RejectsFile.begin(path, file, FORMAT)).close();
    await expect(openCsv(path, FORMAT)).rejects.toThrow(/ENOENT/);
  });
});
