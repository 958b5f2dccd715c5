/** PostgreSQL's class of errors about data that is not what it should be, such as a text that is no id. */
const DATA_EXCEPTION = '22';

/**
 * Whether stored data could not be read: a fault of the data, which the report names and which does not end the run.
 */
export function isUnreadable(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string') return code.startsWith(DATA_EXCEPTION);
  return error instanceof RangeError || error instanceof SyntaxError || error instanceof TypeError;
}
