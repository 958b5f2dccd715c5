import type { ClassConstructor } from 'class-transformer';
import type { Check } from './compiled-checks.js';
import { UNSURE, type Transform } from './compiled-transforms.js';

/** What a value becomes if it is valid for certain, otherwise `UNSURE`. */
export type Validator = (value: unknown) => unknown;

export interface Field {
  readonly name: string;
  /** Whether an object without the field is valid, too. */
  readonly mayLack: boolean;
  /** Whether null counts as absent. */
  readonly mayBeNull: boolean;
  readonly transform: Transform;
  readonly checks: readonly Check[];
}

/**
 * Makes a function that validates the objects of a class. Its text names each field, so that the engine compiles every
 * read and write as one of a known place; a loop over the fields takes more than twice the time (ADR 0008).
 */
export function objectValidator(dto: ClassConstructor<object>, fields: readonly Field[]): Validator {
  const values: unknown[] = [];
  const refer = (value: unknown): string => `v${values.push(value) - 1}`;
  const [unsure, made] = [refer(UNSURE), `new ${refer(dto)}()`];
  const text = `return (body) => {
    if (body === null || typeof body !== 'object' || Array.isArray(body)) return ${unsure};
    let others = 0;
    for (const _ in body) others += 1;
    const made = ${made};
    let item;
    ${fields.map((field) => fieldText(field, unsure, refer)).join('\n')}
    return others === 0 ? made : ${unsure};
  }`;
  // Only texts of this file and the quoted names of fields are compiled; whatever they work with is handed over.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const make = new Function(...values.map((_, index) => `v${index}`), text) as (
    ...values: unknown[]
  ) => Validator;
  return make(...values);
}

function fieldText(field: Field, unsure: string, refer: (value: unknown) => string): string {
  const place = `[${JSON.stringify(field.name)}]`;
  const checks = field.checks.map((check) => `!${refer(check)}(item)`);
  const refused = checks.length > 0 ? `if (${checks.join(' || ')}) return ${unsure};` : '';
  return `
    item = body${place};
    ${field.mayBeNull ? 'if (item === null) others -= 1; else ' : ''}if (item !== undefined) {
      others -= 1;
      item = ${refer(field.transform)}(item, body);
      if (item === ${unsure} || item === undefined) return ${unsure};
      ${refused}
      made${place} = item;
    }${field.mayLack ? '' : ` else return ${unsure};`}`;
}
