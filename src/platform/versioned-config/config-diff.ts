import { canonicalJson } from '../../kernel/canonical-json.js';
import { wording, type Wording } from '../../kernel/wording.js';

/** One place in which two definitions differ. */
export interface ConfigChange {
  /**
   * A JSON pointer (RFC 6901), except that an element of a list is named by its own name (`key`, `id` or `period`) where
   * each element has one: `/tiers/gold/threshold`.
   */
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Null where it was added. */
  readonly before: unknown;
  /** Null where it was removed. */
  readonly after: unknown;
  /** The change as a sentence; null where the values are too long for one. */
  readonly sentence: Wording | null;
}

/** Characters of a value, as JSON, that a sentence still quotes. */
const MAX_QUOTED = 80;
/** What names the elements of a list, the first that all of them have. */
const NAMES = ['key', 'id', 'period'] as const;

type Fields = Readonly<Record<string, unknown>>;
type Difference = Omit<ConfigChange, 'sentence'>;

/** The places in which two definitions differ, in the order of their fields; none where they say the same. */
export function configDiff(before: object, after: object): readonly ConfigChange[] {
  return differences('', before, after).map((change) => ({ ...change, sentence: sentenceOf(change) }));
}

function differences(path: string, before: unknown, after: unknown): readonly Difference[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  if (isFields(before) && isFields(after)) return ofFields(path, before, after);
  if (Array.isArray(before) && Array.isArray(after)) return ofLists(path, before, after);
  return [{ path, change: 'changed', before, after }];
}

function ofFields(path: string, before: Fields, after: Fields): readonly Difference[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => {
    const at = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return ofPart(at, partOf(before, name), partOf(after, name));
  });
}

function partOf(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function ofPart(path: string, before: unknown, after: unknown): readonly Difference[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ path, change: 'added', before: null, after }];
  if (after === undefined) return [{ path, change: 'removed', before, after: null }];
  return differences(path, before, after);
}

function ofLists(path: string, before: readonly unknown[], after: readonly unknown[]): readonly Difference[] {
  const name = NAMES.find((each) => names(before, each) && names(after, each));
  if (name === undefined) {
    const scalars = ![...before, ...after].some((element) => element !== null && typeof element === 'object');
    if (scalars) return [{ path, change: 'changed', before, after }];
    return ofFields(path, { ...before }, { ...after });
  }
  const orders = [before, after].map((list) => list.map((element) => (element as Fields)[name] as string));
  const [was, is] = orders as [string[], string[]];
  const moved =
    canonicalJson(was.filter((key) => is.includes(key))) !==
    canonicalJson(is.filter((key) => was.includes(key)));
  const byName = (list: readonly unknown[], keys: readonly string[]): Fields =>
    Object.fromEntries(keys.map((key, index) => [key, list[index]]));
  const order: Difference = { path, change: 'changed', before: was, after: is };
  return [...ofFields(path, byName(before, was), byName(after, is)), ...(moved ? [order] : [])];
}

/** Whether each element has a text of its own in the field. */
function names(list: readonly unknown[], field: string): boolean {
  const texts = list.map((element) => (isFields(element) ? element[field] : undefined));
  return texts.every((text) => typeof text === 'string') && new Set(texts).size === texts.length;
}

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function sentenceOf({ path, change, before, after }: Difference): Wording | null {
  const [was, is] = [before, after].map((value) => canonicalJson(value)) as [string, string];
  if (Math.max(was.length, is.length) > MAX_QUOTED) return null;
  const place = path === '' ? '/' : path;
  switch (change) {
    case 'added':
      return wording(`${place} is added: ${is}.`, `新增 ${place}：${is}。`);
    case 'removed':
      return wording(`${place} is removed; it was ${was}.`, `移除 ${place}，原為 ${was}。`);
    case 'changed':
      return wording(`${place} changes from ${was} to ${is}.`, `${place} 由 ${was} 改為 ${is}。`);
  }
}
