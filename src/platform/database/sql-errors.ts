import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';

/** How the driver and its pool word a connection that is lost, or cannot be had, for which they have no code. */
const LOST = new RegExp(
  '^(?:' +
    [
      'Connection (?:terminated|ended)',
      'Client (?:has encountered|was closed)',
      'timeout (?:exceeded|expired)',
      'Query read timeout',
      'Received unexpected \\w+ message from backend',
      'There was an error establishing an SSL connection',
      'Cannot use a pool after calling end',
      'Driver not Connected',
    ].join('|') +
    ')',
  'i',
);

/** What to do about an error that a batch met. */
export type SqlErrorKind =
  | 'race' // another transaction was faster: load again and decide again
  | 'connection' // whether it was written is unknown: look the claims up, never post blindly
  | 'unavailable' // the database answers and takes no writes: a full disk, no memory, a standby
  | 'slow' // a statement took longer than it may: with fewer commands it takes less
  | 'other'; // a bug or bad data: find the command that causes it

const RACE_CODES = new Set([
  '23505', // unique_violation: a claim was made meanwhile
  '23514', // check_violation: a shared counter (a reward's stock) ran out meanwhile
  '40001', // serialization_failure
  '40P01', // deadlock_detected
]);
const CONNECTION_CODES = new Set([
  // Errors of the system and of Node: no listener, no network, or a broken socket.
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'ENOTCONN',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
  'ERR_SOCKET_CLOSED',
  // PostgreSQL's, when it ends a session or does not begin one.
  '25P03', // idle_in_transaction_session_timeout
  '25P04', // transaction_timeout
  '53300', // too_many_connections
  '57P01', // admin_shutdown, also of a server whose first process is gone
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now: it starts, recovers or stops
  '57P05', // idle_session_timeout
]);
/** Connection exceptions. */
const CONNECTION_CLASS = '08';

/** Query cancelled, by `statement_timeout` or by hand; a lock that was not had in `lock_timeout`. */
const SLOW_CODES = new Set(['57014', '55P03']);

/** A standby, or a server that was set to read only; a database that is not there, as while it is restored. */
const UNAVAILABLE_CODES = new Set(['25006', '3D000', '57P04']);
/**
 * Invalid authorization, as while a password is changed (28); insufficient resources: disk full (53100), out of memory
 * (53200), a configured limit (53400); errors of the system, such as a disk that fails (58).
 */
const UNAVAILABLE_CLASSES = new Set(['28', '53', '58']);

/** Whether PostgreSQL, or a load, gave way to a concurrent transaction. Nothing is wrong; a retry helps. */
export function isContention(error: unknown): boolean {
  const { code } = driverErrorOf(error);
  return code === '40001' || code === '40P01';
}

/** @param error of the driver or its pool, of the system, or of TypeORM. */
export function classifySqlError(error: unknown): SqlErrorKind {
  if (isReleased(error)) return 'connection';
  const { code, message } = driverErrorOf(error);
  if (typeof code !== 'string') return LOST.test(String(message)) ? 'connection' : 'other';
  const group = code.slice(0, 2);
  if (RACE_CODES.has(code)) return 'race';
  if (CONNECTION_CODES.has(code) || group === CONNECTION_CLASS) return 'connection';
  if (SLOW_CODES.has(code)) return 'slow';
  if (UNAVAILABLE_CODES.has(code) || UNAVAILABLE_CLASSES.has(group)) return 'unavailable';
  return 'other';
}

/** TypeORM wraps what the driver threw. */
function driverErrorOf(error: unknown): { readonly code?: unknown; readonly message?: unknown } {
  const { driverError } = (error ?? {}) as { driverError?: unknown };
  return driverError ?? error ?? {};
}

/**
 * TypeORM releases a connection the moment it learns of its end. Code between two statements of a transaction then
 * gets this error from its next statement.
 */
function isReleased(error: unknown): boolean {
  return (
    error instanceof QueryRunnerAlreadyReleasedError ||
    error instanceof QueryRunnerProviderAlreadyReleasedError
  );
}
