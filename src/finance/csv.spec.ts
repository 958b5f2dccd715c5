import { csvRows } from './csv.js';

describe('csvRows', () => {
  it('writes RFC 4180 records', () => {
    expect(
      csvRows([
        ['a', 1, null, true, 12n],
        ['say "no", please', 'two\nlines', '', '點', 0],
      ]),
    ).toBe('a,1,,true,12\r\n"say ""no"", please","two\nlines",,點,0\r\n');
  });

  it.each(['=1+1', '+1+1', '-1+1', '@SUM(A1)', '＝1', '-x', '\t=1'])('takes the sting out of %j', (text) => {
    expect(csvRows([[text, 'x']])).toContain(`'${text}`);
  });

  it.each(['-12.50', '-3', '0.000000'])('leaves the number %s alone', (text) => {
    expect(csvRows([[text]])).toBe(`${text}\r\n`);
  });
});
