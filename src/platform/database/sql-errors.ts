/** How the driver words a lost connection, for which it has no code. */
const LOST =
  /^(Connection (terminated|ended)|Client (has encountered|was closed)|timeout (exceeded|expired)|Query read timeout)/i;

/** What to do about an error that a batch met. */
export type SqlErrorKind =
  | 'race' // another transaction was faster: load again and decide again
  | 'connection' // whether it was written is unknown: look the claims up, never post blindly
  | 'unavailable' // the database answers and takes no writes: a full disk, no memory, a standby
  | 'other'; // a bug or bad data: find the command that causes it

const RACE_CODES = new Set([
  '23505', // unique_violation: a claim was made meanwhile
  '23514', // check_violation: a shared counter (a reward's stock) ran out meanwhile
  '40001', // serialization_failure
  '40P01', // deadlock_detected
]);
const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);

/** A standby, or a server that was set to read only. */
const READ_ONLY_CODE = '25006';
/** Insufficient resources: disk full (53100), out of memory (53200), a configured limit (53400). */
const RESOURCES_CLASS = '53';

/** Whether PostgreSQL, or a load, gave way to others who were faster: waiting cures it, nothing is wrong. */
export function isContention(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === '40001' || code === '40P01';
}

export function classifySqlError(error: unknown): SqlErrorKind {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string') {
    if (RACE_CODES.has(code)) return 'race';
    if (CONNECTION_CODES.has(code) || code.startsWith('08')) return 'connection';
    if (code === READ_ONLY_CODE || code.startsWith(RESOURCES_CLASS)) return 'unavailable';
  }
  return typeof code !== 'string' && LOST.test(String(message)) ? 'connection' : 'other';
}
