import { getMetadataStorage, ValidationTypes } from 'class-validator';
import type { ClassConstructor } from 'class-transformer';
import '../../src/app.module.js';
import { ProblemException } from '../../src/platform/http/problem.exception.js';
import { fullyValidated, validated } from '../../src/platform/http/validation.js';

/** Every class that says what a request may say, with its fields that may be left out. */
const FIELDS = [
  ...(getMetadataStorage() as unknown as { validationMetadatas: Map<unknown, unknown> }).validationMetadatas,
]
  .map(([dto]) => dto as ClassConstructor<object>)
  .filter(({ name }) => name.endsWith('Dto'))
  .flatMap((dto) => {
    const metadata = getMetadataStorage().getTargetValidationMetadatas(dto, '', true, false);
    const optional = metadata.filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION);
    const names = [...new Set(optional.map(({ propertyName }) => propertyName))];
    return names.map((field) => [dto.name, field, dto] as const);
  });

/** What a check makes of a body, or what it says against it. */
function madeBy(check: () => object): unknown {
  try {
    return Object.entries(check());
  } catch (error) {
    if (!(error instanceof ProblemException)) throw error;
    return error.problem.errors;
  }
}

it('there are fields to try', () => {
  expect(FIELDS.length).toBeGreaterThan(150);
});

it.each(FIELDS)('%s: null in %s is as good as leaving it out', (_, field, dto) => {
  for (const check of [validated, fullyValidated])
    for (const rest of field === 'type' ? [{}] : [{}, { type: 'x' }])
      expect(madeBy(() => check(dto, { ...rest, [field]: null }))).toEqual(madeBy(() => check(dto, rest)));
});
