import { countWords, dayWords, moneyWords, numberText, pointsWords } from './worded-figures.js';
import { inARow, listed, quoted, wording } from './wording.js';

describe('figures in words', () => {
  it.each([
    [105_000n, 'TWD', 'NT$1,050', '1,050 元'],
    [105_050n, 'TWD', 'NT$1,050.50', '1,050.50 元'],
    [5n, 'TWD', 'NT$0.05', '0.05 元'],
    [0n, 'TWD', 'NT$0', '0 元'],
    [-1_234_500n, 'TWD', '-NT$12,345', '-12,345 元'],
    [1_050n, 'JPY', 'JPY 1,050', 'JPY 1,050'],
    [105_000n, 'USD', 'USD 1,050.00', 'USD 1,050.00'],
    [1_234_567n, 'KWD', 'KWD 1,234.567', 'KWD 1,234.567'],
    [9_007_199_254_740_993_00n, 'TWD', 'NT$9,007,199,254,740,993', '9,007,199,254,740,993 元'],
  ])('%s minor units of %s', (minor, currency, en, zh) => {
    expect(moneyWords(minor, currency)).toEqual(wording(en, zh));
  });

  it('count in the singular where there is one', () => {
    expect(pointsWords(1)).toEqual(wording('1 point', '1 點'));
    expect(pointsWords(-1)).toEqual(wording('-1 point', '-1 點'));
    expect(pointsWords(1_260)).toEqual(wording('1,260 points', '1,260 點'));
    expect(countWords(1, 'day', '天')).toEqual(wording('1 day', '1 天'));
    expect(countWords(90, 'day', '天')).toEqual(wording('90 days', '90 天'));
    expect(numberText(-1_000)).toBe('-1,000');
  });

  it('name days as people do', () => {
    expect(dayWords('2026-11-01')).toEqual(wording('1 November 2026', '2026 年 11 月 1 日'));
    expect(dayWords('12-31')).toEqual(wording('31 December', '12 月 31 日'));
  });

  it('make lists and rows of sentences', () => {
    expect(listed(['a', 'b', 'c'].map(quoted), 'or')).toEqual(
      wording('“a”, “b” or “c”', '「a」、「b」或「c」'),
    );
    expect(listed([quoted('a'), quoted('b')])).toEqual(wording('“a” and “b”', '「a」及「b」'));
    expect(listed([quoted('a')])).toEqual(quoted('a'));
    expect(inARow([wording('A.', '甲。'), wording('B.', '乙。')])).toEqual(wording('A. B.', '甲。乙。'));
  });
});
