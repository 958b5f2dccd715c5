import { classifySqlError, isContention } from './sql-errors.js';

describe('an error of the database', () => {
  it.each([
    ['another transaction made the claim', { code: '23505' }, 'race'],
    ['the stock ran out meanwhile', { code: '23514' }, 'race'],
    ['a serialization failure', { code: '40001' }, 'race'],
    ['a deadlock', { code: '40P01' }, 'race'],
    ['the server is shutting down', { code: '57P01' }, 'connection'],
    ['the server is starting', { code: '57P03' }, 'connection'],
    ['too many connections', { code: '53300' }, 'connection'],
    ['a full disk', { code: '53100' }, 'unavailable'],
    ['no memory', { code: '53200' }, 'unavailable'],
    ['a standby', { code: '25006' }, 'unavailable'],
    ['a connection exception', { code: '08006' }, 'connection'],
    [
      'nobody listens',
      Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
      'connection',
    ],
    ['the socket broke', new Error('Connection terminated unexpectedly'), 'connection'],
    ['a column too many', { code: '42703', message: 'column "connection" does not exist' }, 'other'],
    ['a value that must not be null', { code: '23502' }, 'other'],
    [
      'a statement that took too long',
      { code: '57014', message: 'canceling statement due to statement timeout' },
      'other',
    ],
    ['a bug', new TypeError('x is not a function'), 'other'],
    ['nothing at all', undefined, 'other'],
  ])('%s', (_, error, kind) => {
    expect(classifySqlError(error)).toBe(kind);
  });
});

describe('contention', () => {
  it.each([
    [{ code: '40001' }, true],
    [{ code: '40P01' }, true],
    [{ code: '23505' }, false],
    [new Error('40001'), false],
    [null, false],
  ])('is what waiting cures: %j', (error, expected) => {
    expect(isContention(error)).toBe(expected);
  });
});
