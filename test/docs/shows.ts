const ID = /[a-z]{3}_[0-9a-z]{20,}/g;
const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z/g;
/** Stands for whatever is not shown. */
const LEFT_OUT = '…';

/**
 * Whether a page shows what was printed. An id and an instant stand for any other of their kind, and white space does
 * not count. In JSON `…` stands for further fields of its object, further elements of its array, any value, or any
 * part of a text; in other text for any characters. All else must be the same.
 *
 * @param shown what the page shows: JSON values one after the other, or text
 * @param printed what the commands wrote
 * @throws Error if `shown` begins as JSON and is none
 */
export function shows(shown: string, printed: string): boolean {
  if (!/^[[{]/.test(shown.trim())) return textShows(shown.trim(), printed.trim());
  const [expected, actual] = [valuesOf(withLeftOut(shown)).map(parse), valuesOf(printed).map(parseAny)];
  return expected.length === actual.length && expected.every((value, at) => valueShows(value, actual[at]));
}

function valueShows(shown: unknown, printed: unknown): boolean {
  if (shown === LEFT_OUT) return printed !== undefined;
  if (typeof shown === 'string') return typeof printed === 'string' && textShows(shown, printed);
  if (typeof shown !== 'object' || shown === null) return Object.is(shown, printed);
  if (typeof printed !== 'object' || printed === null || Array.isArray(shown) !== Array.isArray(printed))
    return false;
  return Array.isArray(shown) ? elementsShow(shown, printed as unknown[]) : fieldsShow(shown, printed);
}

function elementsShow(shown: readonly unknown[], printed: readonly unknown[]): boolean {
  const named = shown.filter((element) => element !== LEFT_OUT);
  const sameLength = named.length < shown.length || named.length === printed.length;
  return sameLength && named.every((element, at) => valueShows(element, printed[at]));
}

function fieldsShow(shown: object, printed: object): boolean {
  const [expected, actual] = [new Map(Object.entries(shown)), new Map(Object.entries(printed))];
  const open = expected.delete(LEFT_OUT);
  const none = [...expected].every(([name, value]) => valueShows(value, actual.get(name)));
  return none && (open || expected.size === actual.size);
}

function textShows(shown: string, printed: string): boolean {
  const pieces = alike(shown).split(LEFT_OUT);
  const pattern = pieces.map((piece) => piece.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')).join('.*');
  return new RegExp(`^${pattern}$`, 's').test(alike(printed));
}

/** Ids and instants of a kind look alike. */
const alike = (text: string): string =>
  text
    .replace(ID, (id) => `${id.slice(0, 4)}${'0'.repeat(26)}`)
    .replace(INSTANT, '2000-01-01T00:00:00Z')
    .replace(/\s+/g, ' ');

/** Makes JSON of JSON with `…` in place of fields, elements and values. */
function withLeftOut(shown: string): string {
  const open: string[] = [];
  let before = '';
  return shown.replace(/"(?:[^"\\]|\\.)*"|\s+|./gs, (token) => {
    if (/^[[{]$/.test(token)) open.push(token);
    if (/^[\]}]$/.test(token)) open.pop();
    const isField = open.at(-1) === '{' && before !== ':';
    if (token.trim() !== '') before = token;
    if (token !== LEFT_OUT) return token;
    return isField ? `"${LEFT_OUT}":true` : `"${LEFT_OUT}"`;
  });
}

const parse = (text: string): unknown => JSON.parse(text);

function parseAny(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return text;
  }
}

/** The texts of the JSON values that stand one after the other. */
function valuesOf(text: string): readonly string[] {
  const values: string[] = [];
  let [depth, start] = [0, 0];
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (/^[[{]$/.test(token)) depth += 1;
    if (!/^[\]}]$/.test(token)) continue;
    depth -= 1;
    if (depth > 0) continue;
    values.push(text.slice(start, index + 1));
    start = index + 1;
  }
  const rest = text.slice(start).trim();
  return rest === '' ? values : [...values, rest];
}
