import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { MAX_AMOUNT_MINOR, MAX_LINES, MAX_TENDERS, PostPurchaseDto } from '../../purchases/purchase.dto.js';
import * as limits from './limits.js';
import { parseOptions, UsageError } from './options.js';
import { duration, progressText, timeLeftMs } from './progress-text.js';
import { pauseMs } from './retry.js';

const BASE = ['sales.csv', '--mapping', 'm.json'];

describe('parseOptions', () => {
  it('takes the environment where the command line says nothing', () => {
    const env = { LAUREL_URL: 'https://laurel.example', LAUREL_KEY: 'lrl_env' };
    expect(parseOptions(BASE, env)).toMatchObject({
      file: 'sales.csv',
      url: new URL('https://laurel.example'),
      key: 'lrl_env',
      rejectsFile: 'sales.csv.rejected.csv',
      enrol: false,
      limit: null,
    });
    const args = [
      ...BASE,
      '--key',
      'lrl_arg',
      '--url',
      'http://x:1',
      '--enrol',
      '--limit',
      '5',
      '--rejects',
      'r.csv',
    ];
    expect(parseOptions(args, env)).toMatchObject({
      key: 'lrl_arg',
      enrol: true,
      limit: 5,
      rejectsFile: 'r.csv',
    });
  });

  it.each([
    [[], /Name the CSV file/],
    [['a.csv', 'b.csv', '--mapping', 'm'], /what is "b.csv"/],
    [['a.csv'], /--mapping FILE/],
    [BASE, /LAUREL_KEY or --key/],
    [[...BASE, '--key', 'k', '--limit', '0'], /--limit must be/],
    [[...BASE, '--key', 'k', '--url', 'localhost'], /is not a URL/],
    [[...BASE, '--key', 'k', '--rejects', './sales.csv'], /which is read/],
    [[...BASE, '--key', 'k\r\nX: y'], /characters that no key has/],
    [[...BASE, '--enroll'], /enroll/],
  ])('refuses %j', (args, message) => {
    expect(() => parseOptions(args, {})).toThrow(UsageError);
    expect(() => parseOptions(args, {})).toThrow(message);
  });

  it('asks for no key when a file is only checked', () => {
    expect(parseOptions([...BASE, '--dry-run'], {})).toMatchObject({ key: null, dryRun: true });
  });
});

describe('limits', () => {
  it('are those of the API', () => {
    expect(limits).toMatchObject({ MAX_LINES, MAX_TENDERS, MAX_AMOUNT_MINOR });
    const body = (longer: number) =>
      plainToInstance(PostPurchaseDto, {
        source: 's'.repeat(limits.MAX_RECEIPT_NO + longer),
        receiptNo: 'r'.repeat(limits.MAX_RECEIPT_NO + longer),
        member: { externalId: 'm'.repeat(limits.MAX_EXTERNAL_ID + longer) },
        occurredAt: new Date(limits.MAX_INSTANT - 1 + longer).toISOString(),
        currency: 'USD',
        channel: 'c'.repeat(limits.MAX_CHANNEL + longer),
        lines: [
          {
            lineNo: 1,
            sku: 's'.repeat(limits.MAX_SKU + longer),
            category: 'c'.repeat(limits.MAX_LABEL + longer),
            brand: 'b'.repeat(limits.MAX_LABEL + longer),
            amountMinor: limits.MAX_AMOUNT_MINOR + longer,
          },
        ],
      });
    expect(validateSync(body(0))).toEqual([]);
    const faulty = validateSync(body(1)).map(({ property }) => property);
    expect(faulty.sort()).toEqual(['channel', 'lines', 'member', 'occurredAt', 'receiptNo', 'source']);
    const line = validateSync(body(1)).find(({ property }) => property === 'lines')?.children?.[0]?.children;
    expect(line?.map(({ property }) => property).sort()).toEqual(['amountMinor', 'brand', 'category', 'sku']);
  });
});

describe('progress', () => {
  it('says how far it is and how long it will take', () => {
    const snapshot = {
      phase: '3/3 posting',
      done: 250,
      total: 1000,
      counted: 12_500,
      unit: 'baskets',
      elapsedMs: 5_000,
    };
    expect(progressText(snapshot)).toBe('3/3 posting  25 %  12,500 baskets  2,500 baskets/s  15 s left');
    expect(progressText({ ...snapshot, done: 9 })).toContain('time left unknown');
    expect(progressText({ ...snapshot, done: 0, total: 0 })).toContain('100 %');
    expect(timeLeftMs(1000, 1000, 5_000)).toBe(0);
    expect([1_000, 125_000, 3_720_000].map(duration)).toEqual(['1 s', '2 min 05 s', '1 h 02 min']);
  });
});

describe('pauses', () => {
  it('double up to a limit, and heed what the server asks for', () => {
    const patience = { attempts: 9, firstPauseMs: 100, longestPauseMs: 1_000 };
    expect([1, 2, 3, 4, 5].map((failures) => pauseMs(failures, null, patience))).toEqual([
      100, 200, 400, 800, 1_000,
    ]);
    expect(pauseMs(1, 700, patience)).toBe(700);
    expect(pauseMs(1, 3_600_000, patience)).toBe(1_000);
  });
});
