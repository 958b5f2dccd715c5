/** Fields that stand first where there are any: what a reader looks for. */
const FIRST = ['format', 'name', 'key', 'type'];

/**
 * A definition as a file has it: without what is null, which says no more than leaving it out, and with its fields in an
 * order that depends on nothing but their names.
 */
export function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).filter(([, part]) => part !== null && part !== undefined);
  return Object.fromEntries(fields.sort(([a], [b]) => order(a, b)).map(([name, part]) => [name, tidy(part)]));
}

function order(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function rank(name: string): number {
  const place = FIRST.indexOf(name);
  return place < 0 ? FIRST.length : place;
}
