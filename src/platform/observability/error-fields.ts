/** How deep causes are followed. */
const MAX_CAUSES = 5;

/** What a log line has of an error. */
export interface ErrorFields {
  readonly type: string;
  readonly message: string;
  readonly stack?: string | undefined;
  /** SQLSTATE, or the system's code (`ECONNREFUSED`). */
  readonly code?: string | undefined;
  /** The text of the statement that failed, without its values. */
  readonly statement?: string | undefined;
  readonly table?: string | undefined;
  readonly constraint?: string | undefined;
  readonly cause?: ErrorFields | undefined;
}

/**
 * The fields of an error that may stand in a log: a list of what is allowed, for drivers attach the values of the
 * statement that failed, and PostgreSQL puts them into `detail` and `where`. Values are personal data.
 */
export function errorFields(error: unknown, depth = 0): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { code, query, table, constraint, cause, driverError } = error as Error & Record<string, unknown>;
  const inner = cause ?? driverError;
  const fields: Record<keyof ErrorFields, unknown> = {
    type: error.constructor.name,
    message: error.message,
    stack: error.stack,
    code: textOf(code),
    statement: textOf(query),
    table: textOf(table),
    constraint: textOf(constraint),
    cause: inner !== undefined && depth < MAX_CAUSES ? errorFields(inner, depth + 1) : undefined,
  };
  return fields as unknown as ErrorFields;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
