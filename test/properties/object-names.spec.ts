import type { ClassConstructor } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import '../../src/app.module.js';
import type { FieldError } from '../../src/kernel/problem.js';
import { ProblemException } from '../../src/platform/http/problem.exception.js';
import { fullyValidated, validated } from '../../src/platform/http/validation.js';

/** What every object has; `__proto__` too, as JSON knows it. */
const NAMES = Object.getOwnPropertyNames(Object.prototype);

/** Every class that says what a request may say. */
const DTOS = [
  ...(getMetadataStorage() as unknown as { validationMetadatas: Map<unknown, unknown> }).validationMetadatas,
]
  .map(([dto]) => dto as ClassConstructor<object>)
  .filter(({ name }) => name.endsWith('Dto'));

function faultsOf(check: () => unknown): readonly string[] {
  try {
    check();
  } catch (error) {
    if (!(error instanceof ProblemException)) throw error;
    const errors = error.problem.errors as readonly FieldError[];
    return errors.filter(({ code }) => code === 'UNKNOWN_FIELD').map(({ pointer }) => pointer);
  }
  throw new Error('accepted');
}

it('there are classes and names to try', () => {
  expect(DTOS.length).toBeGreaterThan(50);
  expect(NAMES).toEqual(expect.arrayContaining(['hasOwnProperty', 'toString', '__proto__', 'constructor']));
});

describe.each(DTOS.map((dto) => [dto.name, dto] as const))('%s', (_, dto) => {
  it.each(NAMES)('has no field %s', (name) => {
    for (const value of ['x', 1, null, {}, [{}]]) {
      const body = JSON.parse(`{"${name}":${JSON.stringify(value)}}`) as object;
      expect(faultsOf(() => validated(dto, body))).toEqual([`/${name}`]);
      expect(faultsOf(() => fullyValidated(dto, body, '/within'))).toEqual([`/within/${name}`]);
    }
  });
});
