import {
  QueryFailedError,
  QueryRunnerAlreadyReleasedError,
  QueryRunnerProviderAlreadyReleasedError,
} from 'typeorm';
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
      'slow',
    ],
    ['a lock that was not had in time', { code: '55P03' }, 'slow'],
    ['a session that was ended while it idled', { code: '25P03' }, 'connection'],
    ['a host that is away', { code: 'EHOSTUNREACH' }, 'connection'],
    ['a name that is not found for now', { code: 'EAI_AGAIN' }, 'connection'],
    ['a socket that is closed already', { code: 'ERR_STREAM_DESTROYED' }, 'connection'],
    ['a database that is being restored', { code: '3D000' }, 'unavailable'],
    ['a password that was changed', { code: '28P01' }, 'unavailable'],
    ['a disk that fails', { code: '58030' }, 'unavailable'],
    [
      'an answer that belongs to nothing',
      new Error('Received unexpected commandComplete message from backend.'),
      'connection',
    ],
    ['a pool that is closed', new Error('Cannot use a pool after calling end on the pool'), 'connection'],
    ['a connection that broke between two statements', new QueryRunnerAlreadyReleasedError(), 'connection'],
    ['the same for its manager', new QueryRunnerProviderAlreadyReleasedError(), 'connection'],
    [
      'what TypeORM wrapped',
      new QueryFailedError('SELECT 1', [], new Error('Connection terminated unexpectedly')),
      'connection',
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
    [{ driverError: { code: '40001' } }, true],
    [{ code: '23505' }, false],
    [new Error('40001'), false],
    [null, false],
  ])('is what waiting cures: %j', (error, expected) => {
    expect(isContention(error)).toBe(expected);
  });
});
