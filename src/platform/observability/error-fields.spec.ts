import { QueryFailedError } from 'typeorm';
import { errorFields } from './error-fields.js';

describe('the fields of an error in the log', () => {
  it('are its type, message, stack and code', () => {
    const error = Object.assign(new TypeError('odd'), { code: 'E_ODD' });
    expect(errorFields(error)).toMatchObject({ type: 'TypeError', message: 'odd', code: 'E_ODD' });
    expect(errorFields(error).stack).toContain('error-fields.spec');
  });

  it('have the statement that failed, and none of its values', () => {
    const driverError = Object.assign(new Error('duplicate key value violates unique constraint "x"'), {
      code: '23505',
      detail: 'Key (type, value)=(phone, +886912345678) already exists.',
      where: "unnamed portal parameter $1 = '+886912345678'",
      table: 'member_identities',
      constraint: 'x',
    });
    const error = new QueryFailedError(
      'INSERT INTO member_identities VALUES ($1)',
      ['+886912345678'],
      driverError,
    );
    const fields = errorFields(error);
    expect(JSON.stringify(fields)).not.toContain('912345678');
    expect(fields).toMatchObject({
      type: 'QueryFailedError',
      statement: 'INSERT INTO member_identities VALUES ($1)',
      cause: { code: '23505', table: 'member_identities', constraint: 'x' },
    });
  });

  it('follow causes, and end where an error is its own', () => {
    const error: Error & { cause?: unknown } = new Error('outer');
    error.cause = error;
    let depth = 0;
    for (let fields = errorFields(error).cause; fields; fields = fields.cause) depth += 1;
    expect(depth).toBe(5);
  });

  it.each([
    ['a text', 'string'],
    [null, 'object'],
    [undefined, 'undefined'],
  ])('of %p are its text', (thrown, type) =>
    expect(errorFields(thrown)).toEqual({ type, message: String(thrown) }),
  );
});
