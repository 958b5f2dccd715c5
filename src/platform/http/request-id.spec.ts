import { requestIdOf } from './request-id.js';

describe('the id of a request', () => {
  it('is the one that the caller gave', () => {
    expect(requestIdOf({ headers: { 'x-request-id': 'till-7/2026-000123' } })).toBe('till-7/2026-000123');
  });

  it.each([[undefined], [''], ['two words'], ['line\nfeed'], ['點'], ['x'.repeat(129)]])(
    'is a new one instead of %j',
    (given) => {
      const headers = given === undefined ? {} : { 'x-request-id': given };
      expect(requestIdOf({ headers })).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/,
      );
      expect(requestIdOf({ headers })).not.toBe(requestIdOf({ headers }));
    },
  );
});
