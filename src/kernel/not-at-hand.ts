/**
 * A decision met the end of what was loaded for it: there may be more rows of the account, and what to do hangs on
 * them. Nothing of it counts; the pipeline decides the command again with more of the account at hand.
 */
export class NotAtHandError extends Error {
  constructor(what: string) {
    super(`${what} is not at hand`);
  }
}
