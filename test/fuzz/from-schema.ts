import * as fc from 'fast-check';

export type Schema = Readonly<Record<string, unknown>>;

/** Values that stand where something else belongs, and those that have broken servers before. */
const ODD = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 0, 1.5, 1e21, Number.MAX_SAFE_INTEGER, '', ' ', 'x'.repeat(5_000)),
  fc.constantFrom<unknown>(
    'constructor',
    '__proto__',
    'hasOwnProperty',
    'é漢字😀',
    '\u0000',
    '\u200b',
    '%zz',
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Makes values of JSON Schemas: as they say for the most part, and now and then something else. */
export class FromSchema {
  constructor(
    private readonly schemas: Readonly<Record<string, Schema>>,
    /** Texts that name what is there, by the name of the field. */
    private readonly known: Readonly<Record<string, readonly string[]>>,
    /** How many fields in a hundred hold something odd. */
    private readonly oddities: number,
  ) {}

  value(schema: Schema, name = '', depth = 0): fc.Arbitrary<unknown> {
    const good = this.good(schema, name, depth);
    return fc.oneof(
      { weight: 100 - this.oddities, arbitrary: good },
      { weight: this.oddities, arbitrary: ODD },
    );
  }

  private good(schema: Schema, name: string, depth: number): fc.Arbitrary<unknown> {
    const ref = schema['$ref'] as string | undefined;
    if (ref) return this.good(this.schemas[ref.split('/').at(-1) as string] ?? {}, name, depth);
    const choices = (schema['anyOf'] ?? schema['oneOf']) as readonly Schema[] | undefined;
    if (choices) return fc.oneof(...choices.map((choice) => this.good(choice, name, depth)));
    if (schema['enum']) return fc.constantFrom(...(schema['enum'] as unknown[]));
    switch (schema['type']) {
      case 'object':
        return this.object(schema, depth);
      case 'array':
        return this.list(schema, name, depth);
      case 'integer':
        return this.whole(schema);
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      default:
        return this.text(schema, name);
    }
  }

  private object(schema: Schema, depth: number): fc.Arbitrary<unknown> {
    const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
    if (properties.length === 0 || depth > 6)
      return fc.dictionary(fc.string({ maxLength: 12 }), fc.jsonValue(), { maxKeys: 3 });
    const fields = properties.map(
      ([name, property]) => [name, this.value(property, name, depth + 1)] as const,
    );
    const requiredKeys = (schema['required'] ?? []) as string[];
    return fc.record(Object.fromEntries(fields), { requiredKeys });
  }

  private list(schema: Schema, name: string, depth: number): fc.Arbitrary<unknown> {
    const items = this.value((schema['items'] ?? {}) as Schema, name, depth + 1);
    return fc.array(items, { minLength: Number(schema['minItems'] ?? 0), maxLength: 3 });
  }

  private whole({ minimum = -1_000_000, maximum = 1_000_000_000_000 }: Schema): fc.Arbitrary<number> {
    const [min, max] = [Number(minimum), Number(maximum)];
    return fc.oneof(
      fc.integer({ min, max: Math.min(max, min + 1_000) }),
      fc.maxSafeInteger().map((value) => min + (Math.abs(value) % (max - min + 1))),
      fc.constantFrom(min, max),
    );
  }

  private text(schema: Schema, name: string): fc.Arbitrary<string> {
    const known = this.known[name];
    if (known)
      return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, fc.string({ maxLength: 40 }));
    if (schema['format'] === 'date-time')
      return fc
        .date({ min: new Date('1999-01-01'), max: new Date('2031-01-01'), noInvalidDate: true })
        .map((at) => at.toISOString());
    if (schema['format'] === 'date')
      return fc
        .date({ min: new Date('1999-01-01'), max: new Date('2031-01-01'), noInvalidDate: true })
        .map((at) => at.toISOString().slice(0, 10));
    if (schema['format'] === 'uri') return fc.webUrl();
    if (schema['pattern'])
      return fc.stringMatching(new RegExp(schema['pattern'] as string), { maxLength: 60 });
    return fc.string({
      minLength: Number(schema['minLength'] ?? 0),
      maxLength: Math.min(Number(schema['maxLength'] ?? 40), 60),
    });
  }
}
