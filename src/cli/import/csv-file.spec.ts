import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCsv } from './csv-file.js';
import type { CsvFormat } from './mapping.js';
import { RejectsFile } from './rejects-file.js';
import type { SourceRow } from './row.js';

const FORMAT: CsvFormat = { delimiter: ',', quote: '"', encoding: 'utf-8', columns: null };

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

  it('reads quotes, line breaks within them, a byte order mark, Windows line ends and empty lines', async () => {
    expect(await read('\ufeffa,b\r\n"1, one","x\ny"\r\n\r\n"say ""hi""",\r\n')).toEqual({
      header: ['a', 'b'],
      rows: [
        { row: 2, cells: ['1, one', 'x\ny'] },
        { row: 3, cells: ['say "hi"', ''] },
      ],
    });
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
    await expect(read('a,b\n1,x"y\n')).rejects.toThrow(/is not CSV: .* at line 2/);
    await expect(read(Buffer.from([0x61, 0x0a, 0xff, 0xfe]))).rejects.toThrow(/not text in utf-8/);
    await expect(read('')).rejects.toThrow(/is empty/);
    await expect(openCsv(join(folder, 'none.csv'), FORMAT)).rejects.toThrow(/cannot be read: ENOENT/);
  });

  it('writes rejects that it can read again', async () => {
    const rejects = await RejectsFile.begin(path, ['a', 'b'], FORMAT);
    await rejects.add([{ row: 7, cells: ['x,"y"', 'two\nlines'], code: 'BAD', reason: 'Because, well.' }]);
    await rejects.close();
    const { header, rows } = await openCsv(path, FORMAT);
    expect(header).toEqual(['row', 'code', 'reason', 'a', 'b']);
    for await (const { cells } of rows)
      expect(cells).toEqual(['7', 'BAD', 'Because, well.', 'x,"y"', 'two\nlines']);
    await (await RejectsFile.begin(path, [], FORMAT)).close();
    await expect(openCsv(path, FORMAT)).rejects.toThrow(/ENOENT/);
  });
});
