/**
 * Reads one value of a JSON document and notes what is wrong with it under its dotted name, so that a person
 * repairs a mapping in one go. Faults are collected; a reading that fails returns null.
 */
export class FieldReader {
  private readonly read = new Set<string>();

  constructor(
    readonly value: unknown,
    private readonly name: string,
    private readonly faults: string[],
  ) {
    if (name === '' && !this.isObject()) this.faults.push('the mapping must be a JSON object');
  }

  fault(problem: string): null {
    this.faults.push(`${this.name}: ${problem}`);
    return null;
  }

  isObject(): boolean {
    return this.value !== null && typeof this.value === 'object' && !Array.isArray(this.value);
  }

  has(key: string): boolean {
    this.read.add(key);
    return this.isObject() && Object.hasOwn(this.value as object, key);
  }

  /** A text that is not empty. */
  text(key: string): string | null {
    if (!this.has(key)) return this.child(key).fault('is missing');
    return this.optionalText(key);
  }

  optionalText(key: string): string | null {
    const text = this.anyText(key);
    return text === '' ? this.child(key).fault('must not be empty') : text;
  }

  /** A text that may be empty. */
  anyText(key: string): string | null {
    if (!this.has(key)) return null;
    const { value } = this.child(key);
    return typeof value === 'string' ? value : this.child(key).fault('must be text in quotes');
  }

  texts(key: string): readonly string[] | null {
    if (!this.has(key)) return null;
    return this.child(key).textsHere();
  }

  /** The value itself as a list of texts. */
  textsHere(): readonly string[] | null {
    const { value } = this;
    const sound = Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
    return sound ? value : this.fault('must be a list of texts');
  }

  flag(key: string): boolean | null {
    if (!this.has(key)) return null;
    const { value } = this.child(key);
    return typeof value === 'boolean' ? value : this.child(key).fault('must be true or false');
  }

  /** Every item of a list. */
  list<T>(read: (field: FieldReader) => T | null): readonly T[] | null {
    if (!Array.isArray(this.value)) return this.fault('must be a list');
    const items = this.value.map((item, index) =>
      read(new FieldReader(item, `${this.name}.${index}`, this.faults)),
    );
    return items.filter((item): item is Awaited<T> => item !== null);
  }

  checked(key: string, isGood: (text: string) => boolean, wanted: string): string | null {
    const text = this.text(key);
    if (text === null || isGood(text)) return text;
    return this.child(key).fault(`must be ${wanted}, but is "${text}"`);
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T | null {
    const text = this.optionalText(key);
    if (text === null) return null;
    const found = allowed.find((candidate) => candidate === text);
    const list = allowed.map((candidate) => `"${candidate}"`).join(', ');
    return found ?? this.child(key).fault(`must be one of ${list}, but is "${text}"`);
  }

  object(key: string, options: { readonly orText?: boolean } = {}): FieldReader | null {
    if (!this.has(key)) return null;
    const child = this.child(key);
    if (child.isObject()) return child;
    return options.orText ? null : child.fault('must be an object');
  }

  required<T>(key: string, read: (field: FieldReader) => T | null): T | null {
    return this.has(key) ? read(this.child(key)) : this.child(key).fault('is missing');
  }

  optional<T>(key: string, read: (field: FieldReader) => T | null): T | null {
    return this.has(key) ? read(this.child(key)) : null;
  }

  /** Every field of an object of free names. */
  map<T>(read: (field: FieldReader) => T | null): Record<string, T> | null {
    if (!this.isObject()) return this.fault('must be an object');
    const keys = Object.keys(this.value as object);
    // The server takes no body with such a name, so every receipt would be refused.
    for (const key of keys)
      if (!isFieldName(key)) this.fault(`${JSON.stringify(key)} is no name that the server takes`);
    const entries = keys.map((key) => [key, read(this.child(key))] as const);
    return Object.fromEntries(entries.filter((entry): entry is [string, T] => entry[1] !== null));
  }

  /** Notes fields that no reader knows: most often a spelling mistake. */
  refuseOthers(known: readonly string[] = [...this.read]): void {
    if (!this.isObject()) return;
    for (const key of Object.keys(this.value as object)) {
      if (!known.includes(key)) this.child(key).fault('there is no such field');
    }
  }

  private child(key: string): FieldReader {
    const value = this.isObject() ? (this.value as Record<string, unknown>)[key] : undefined;
    return new FieldReader(value, this.name === '' ? key : `${this.name}.${key}`, this.faults);
  }
}

/** Whether the API takes a field of this name. */
function isFieldName(name: string): boolean {
  return name !== '__proto__' && !name.includes('\0') && name.isWellFormed();
}
