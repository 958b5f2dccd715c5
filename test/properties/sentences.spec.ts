import type { ClassConstructor } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import '../../src/app.module.js';
import type { FieldError } from '../../src/kernel/problem.js';
import { ProblemException } from '../../src/platform/http/problem.exception.js';
import { fullyValidated } from '../../src/platform/http/validation.js';

const STORED = (
  getMetadataStorage() as unknown as {
    validationMetadatas: Map<ClassConstructor<object>, { propertyName: string }[]>;
  }
).validationMetadatas;
const DTOS = [...STORED.keys()].filter(({ name }) => name.endsWith('Dto'));
const FIELDS = new Set([...STORED.values()].flat().map(({ propertyName }) => propertyName));

const ODD: readonly unknown[] = [null, true, 0, -1, 'x', '', [], ['x', 'x'], [[]], {}, [{}], [null]];

/** What a library says by itself, which tells a till's programmer nothing. */
const NO_SENTENCE = /nested property|null or undefined|'s elements|unknown value|specified constraints/;

function detailsOf(dto: ClassConstructor<object>, body: object): readonly string[] {
  try {
    fullyValidated(dto, body);
    return [];
  } catch (error) {
    if (!(error instanceof ProblemException)) throw error;
    return (error.problem.errors as readonly FieldError[]).map(({ detail }) => detail);
  }
}

describe('a refusal is a sentence', () => {
  it.each(DTOS.map((dto) => [dto.name, dto] as const))('of %s, whatever stands in any field', (_, dto) => {
    const own = getMetadataStorage().getTargetValidationMetadatas(dto, '', true, false);
    const fields = [...new Set(own.map(({ propertyName }) => propertyName))];
    const details = fields.flatMap((name) => ODD.flatMap((value) => detailsOf(dto, { [name]: value })));
    expect(details.length).toBeGreaterThan(0);
    for (const detail of new Set(details)) {
      expect(detail).not.toMatch(NO_SENTENCE);
      expect(detail).toMatch(/[^.]\.$/);
    }
  });

  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('spec.ts'),
  );
  const written = sources.flatMap((file) =>
    [...readFileSync(join('src', file), 'utf8').matchAll(/\bdetail(?: =|:)\s+(['`])((?:(?!\1).)*)\1/g)].map(
      ([, , text]) => [file, text as string] as const,
    ),
  );

  it('of which there are many in the source', () => {
    expect(written.length).toBeGreaterThan(80);
  });

  it.each(written)('in %s: %s', (_, text) => {
    const [first = ''] = text.split(/[\s,.;:]/);
    // A text that ends with a space goes on in the next line.
    expect(text).toMatch(/[.} ]$/);
    expect(/^[A-Z0-9$"]/.test(first) || FIELDS.has(first)).toBe(true);
  });
});
