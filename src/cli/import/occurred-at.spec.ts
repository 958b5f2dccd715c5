import { formatInstant } from '../../kernel/time.js';
import { instantReader } from './occurred-at.js';

const NEW_YORK = 'America/New_York';

const read = (text: string, format: string | null = null, zone = NEW_YORK) => {
  const instant = instantReader(format, zone)(text);
  return instant === null ? null : formatInstant(instant);
};

describe('instantReader', () => {
  it.each([
    ['2017-01-28T14:06:53', '2017-01-28T19:06:53.000Z'],
    ['2017-07-28T14:06:53', '2017-07-28T18:06:53.000Z'],
    ['2017-01-28 14:06:53', '2017-01-28T19:06:53.000Z'],
    ['2017-01-28T14:06', '2017-01-28T19:06:00.000Z'],
    ['2017-01-28', '2017-01-28T05:00:00.000Z'],
    [' 2017-01-28T14:06:53.250 ', '2017-01-28T19:06:53.250Z'],
    ['2017-01-28T14:06:53Z', '2017-01-28T14:06:53.000Z'],
    ['2017-01-28 14:06:53+08:00', '2017-01-28T06:06:53.000Z'],
    ['2017-02-30T00:00:00', null],
    ['28/01/2017', null],
    ['14:06', null],
    ['', null],
  ])('reads "%s" as %p', (text, expected) => expect(read(text)).toBe(expected));

  it('carries a time that the clocks skip forward', () => {
    // 02:00 to 03:00 did not happen on 12 March 2017.
    expect(read('2017-03-12T01:59:59')).toBe('2017-03-12T06:59:59.000Z');
    expect(read('2017-03-12T02:30:00')).toBe('2017-03-12T07:30:00.000Z');
    expect(read('2017-03-12T03:00:00')).toBe('2017-03-12T07:00:00.000Z');
  });

  it('takes the first of a time that comes twice', () => {
    // 01:00 to 02:00 happened twice on 5 November 2017.
    expect(read('2017-11-05T00:59:59')).toBe('2017-11-05T04:59:59.000Z');
    expect(read('2017-11-05T01:30:00')).toBe('2017-11-05T05:30:00.000Z');
    expect(read('2017-11-05T02:00:00')).toBe('2017-11-05T07:00:00.000Z');
  });

  it('does so where the clocks change by half an hour, and at midnight', () => {
    expect(read('2024-10-06T02:15:00', null, 'Australia/Lord_Howe')).toBe('2024-10-05T15:45:00.000Z');
    expect(read('2024-04-07T01:45:00', null, 'Australia/Lord_Howe')).toBe('2024-04-06T14:45:00.000Z');
    expect(read('2018-11-04T00:30:00', null, 'America/Sao_Paulo')).toBe('2018-11-04T03:30:00.000Z');
  });

  it('reads Luxon formats, and offsets and Unix times within them', () => {
    expect(read('28/01/2017 2:06 PM', 'dd/MM/yyyy h:mm a')).toBe('2017-01-28T19:06:00.000Z');
    expect(read('20170128140653', 'yyyyMMddHHmmss')).toBe('2017-01-28T19:06:53.000Z');
    expect(read('2017/01/28 14:06 +0800', 'yyyy/MM/dd HH:mm ZZZ')).toBe('2017-01-28T06:06:00.000Z');
    expect(read('1485630413', 'X')).toBe('2017-01-28T19:06:53.000Z');
    expect(read('1485630413250', 'x')).toBe('2017-01-28T19:06:53.250Z');
    expect(read('1485630413.5', 'X')).toBeNull();
    expect(read('28-01-2017 Z 14:06', "dd-MM-yyyy 'Z' HH:mm")).toBe('2017-01-28T19:06:00.000Z');
    expect(read('2017-01-28', 'dd/MM/yyyy')).toBeNull();
  });

  it.each([
    ['115/11/01', 'yyyy/MM/dd'],
    ['115/11/1', 'yyyy/M/d'],
    ['民國115年11月1日', 'yyyy年M月d日'],
    ['115年11月01日', 'yyyy年M月d日'],
    ['1151101', 'yyyyMMdd'],
  ])('reads %s of the Republic as %s', (text, format) => {
    const instant = instantReader(format, 'UTC', 'roc')(text);
    expect(instant === null ? null : formatInstant(instant)).toBe('2026-11-01T00:00:00.000Z');
  });
});
