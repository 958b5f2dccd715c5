import type { AttributeSchema, AttributeType } from './activity-type.js';
import { attributeFaults } from './attribute-faults.js';

function schema(
  name: string,
  type: AttributeType,
  overrides: Partial<AttributeSchema> = {},
): AttributeSchema {
  return {
    name,
    type,
    required: false,
    maxLength: null,
    minimum: null,
    maximum: null,
    values: null,
    ...overrides,
  };
}

const REVIEW = {
  attributes: [
    schema('stars', 'whole', { required: true, minimum: '1', maximum: '5' }),
    schema('text', 'text', { maxLength: 5 }),
    schema('length', 'decimal', { minimum: '0.5' }),
    schema('photo', 'boolean'),
    schema('visitedOn', 'date'),
    schema('a/b', 'oneOf', { values: ['shop', 'web'] }),
  ],
};

function faultsOf(attributes: Record<string, unknown>): string[] {
  return attributeFaults(REVIEW, attributes, '/attributes').map(({ pointer, code }) => `${pointer} ${code}`);
}

describe('attributes of an activity', () => {
  it('fit where each is what its type says', () => {
    const fitting = { text: '很好', length: '0.5', photo: false, visitedOn: '2026-02-28', 'a/b': 'web' };
    expect(faultsOf({ stars: 5, ...fitting })).toEqual([]);
  });

  it('are refused where one is missing or unknown', () => {
    expect(faultsOf({ mood: 'good' })).toEqual([
      '/attributes/stars ATTRIBUTE_MISSING',
      '/attributes/mood ATTRIBUTE_UNKNOWN',
    ]);
  });

  it.each([
    ['stars', 0],
    ['stars', 6],
    ['stars', 1.5],
    ['stars', '3'],
    ['text', 'longer'],
    ['length', '0.49'],
    ['length', 0.5],
    ['length', '1e3'],
    ['photo', 'true'],
    ['visitedOn', '2026-02-30'],
    ['visitedOn', null],
  ])('are refused where %s is %p', (name, value) => {
    expect(faultsOf({ stars: 3, [name]: value })).toEqual([`/attributes/${name} ATTRIBUTE_INVALID`]);
  });

  it('name the place of an attribute as a pointer writes it, and what it should have been', () => {
    expect(attributeFaults(REVIEW, { stars: 9, 'a/b': 'phone' }, '/attributes')).toEqual([
      {
        pointer: '/attributes/stars',
        code: 'ATTRIBUTE_INVALID',
        detail: 'stars must be a whole number from 1 to 5.',
      },
      { pointer: '/attributes/a~1b', code: 'ATTRIBUTE_INVALID', detail: 'a/b must be one of shop, web.' },
    ]);
  });

  it('know no attribute by what every object has', () => {
    expect(faultsOf({ stars: 3, constructor: 'x' })).toEqual(['/attributes/constructor ATTRIBUTE_UNKNOWN']);
  });
});
