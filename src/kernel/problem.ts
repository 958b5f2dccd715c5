/**
 * Problems: every refusal that a caller can meet, by a stable code with exactly one HTTP status (RFC 9457).
 * Each module declares its own catalogue with `defineProblems`; the compiler then demands a known code
 * wherever a refusal is made.
 */
export interface ProblemDefinition {
  readonly status: number;
  /** In English, the same for every problem of the code. */
  readonly title: string;
  /** The title in Traditional Chinese. */
  readonly zhHant: string;
}

export interface FieldError {
  /** JSON pointer (RFC 6901) into the request body. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  /** Where in a text the fault stands: characters from 0, in UTF-16 units; `to` is exclusive. */
  readonly from?: number;
  readonly to?: number;
}

export interface Problem extends ProblemDefinition {
  readonly code: string;
  /** A sentence in English about this occurrence. */
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly meta?: Readonly<Record<string, unknown>>;
}

export interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  readonly meta?: Readonly<Record<string, unknown>>;
}

export interface ProblemCatalogue<C extends string> {
  readonly definitions: Readonly<Record<C, ProblemDefinition>>;
  /** Makes a problem of this catalogue; `detail` is a sentence for a person. */
  problem(code: C, detail: string, extras?: ProblemExtras): Problem;
}

/** Declares a module's problems. A code belongs to one catalogue only (a table test guards it). */
export function defineProblems<C extends string>(
  definitions: Readonly<Record<C, ProblemDefinition>>,
): ProblemCatalogue<C> {
  return {
    definitions,
    problem: (code, detail, extras = {}) => ({ code, ...definitions[code], detail, ...extras }),
  };
}
