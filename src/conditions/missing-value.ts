/**
 * A condition read a value that is not known, such as the age of a member without a birth date. The condition is not
 * met then, and that is no fault of it.
 */
export class MissingValueError extends Error {
  constructor(readonly key: string) {
    super(`${key} is not known`);
  }
}
