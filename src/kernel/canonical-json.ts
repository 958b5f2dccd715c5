/**
 * JSON with sorted object keys and no absent values, so that two bodies that say the same have the same text
 * (after RFC 8785; numbers here are only safe integers). Used for fingerprints.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Number.isFinite(value) ? String(value === 0 ? 0 : value) : 'null';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value as Record<string, unknown>);
    default:
      return JSON.stringify(value) ?? 'null';
  }
}

function canonicalArray(items: readonly unknown[]): string {
  let text = '[';
  for (let index = 0; index < items.length; index += 1) {
    if (index > 0) text += ',';
    text += canonicalJson(items[index]);
  }
  return `${text}]`;
}

function canonicalObject(record: Readonly<Record<string, unknown>>): string {
  let text = '{';
  for (const key of Object.keys(record).sort()) {
    const value = record[key];
    if (value === undefined) continue;
    if (text.length > 1) text += ',';
    text += nameOf(key) + canonicalJson(value);
  }
  return `${text}}`;
}

/** Field names come again and again; how many different ones are kept is bounded, for free-form objects have any. */
const NAMES = new Map<string, string>();
const NAMES_LIMIT = 1_000;

function nameOf(key: string): string {
  const known = NAMES.get(key);
  if (known !== undefined) return known;
  const name = `${JSON.stringify(key)}:`;
  if (NAMES.size < NAMES_LIMIT) NAMES.set(key, name);
  return name;
}
