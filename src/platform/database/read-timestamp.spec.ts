import fc from 'fast-check';
import pg from 'pg';
import { readTimestamp, TIMESTAMPTZ_OID } from './read-timestamp.js';

const driversOwn = pg.types.getTypeParser(TIMESTAMPTZ_OID, 'text') as (text: string) => unknown;

/** As PostgreSQL prints an instant in UTC: a fraction without its trailing zeros, or none. */
function printed(millis: number, micros = 0): string {
  const [day = '', rest = ''] = new Date(millis).toISOString().split('T');
  const digits = `${rest.slice(9, 12)}${String(micros).padStart(3, '0')}`.replace(/0+$/, '');
  return `${day} ${rest.slice(0, 8)}${digits === '' ? '' : `.${digits}`}+00`;
}

describe('readTimestamp', () => {
  it('reads every instant from the year 1000 to 9999 that PostgreSQL prints in UTC', () => {
    const [first, last] = [Date.UTC(1000, 0, 1), Date.UTC(9999, 11, 31, 23, 59, 59, 999)];
    fc.assert(
      fc.property(fc.integer({ min: first, max: last }), fc.nat(999), (millis, micros) => {
        expect(readTimestamp(printed(millis, micros)).getTime()).toBe(millis);
      }),
    );
  });

  it('reads every thousandth of a second', () => {
    const second = Date.UTC(2026, 1, 3, 4, 5, 6);
    for (let millis = 0; millis < 1000; millis += 1)
      expect(readTimestamp(printed(second + millis)).getTime()).toBe(second + millis);
  });

  it.each([
    '2026-11-28 09:30:15.5+08',
    '2026-11-28 09:30:15.123456-03:30',
    '2026-11-28 09:30:15+05:30',
    '0099-11-28 09:30:15+00',
    '0500-01-01 00:00:00+00',
    '12026-11-28 09:30:15+00',
    '0044-03-15 12:00:00+00 BC',
    'infinity',
    '-infinity',
  ])('leaves %s to the driver', (text) => {
    expect(readTimestamp(text)).toEqual(driversOwn(text));
  });
});
