/** A heading, with the anchor that GitHub gives it. */
export interface Heading {
  readonly level: number;
  readonly anchor: string;
}

/** A link of a page, as it is written. */
export interface Link {
  readonly target: string;
  /** From 1. */
  readonly line: number;
}

/** What of each row of a table, header included, is in backticks, sorted: the part that no translation changes. */
export type Table = readonly (readonly string[])[];

const FENCE = /^```/;
const HEADING = /^(#{1,6}) +(.+?) *$/;
const NAMED = /<a id="([^"]+)">/g;
const LINK = /\]\(<?([^()\s<>]+)>?\)/g;
const CODE = /`([^`]+)`/g;
const TABLE_ROW = /^\|.*\|$/;
const TABLE_RULE = /^[|\s:-]+$/;

/** @returns the headings of a page, in its order */
export function headingsOf(markdown: string): readonly Heading[] {
  const seen = new Map<string, number>();
  return proseOf(markdown).flatMap((text) => {
    const [, marks, title] = HEADING.exec(text) ?? [];
    if (marks === undefined || title === undefined) return [];
    const anchor = anchorOf(title);
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return [{ level: marks.length, anchor: before === 0 ? anchor : `${anchor}-${before}` }];
  });
}

/** @returns what a link to the page may name behind `#`: its headings, and `<a id="…">` */
export function anchorsOf(markdown: string): readonly string[] {
  const named = proseOf(markdown).flatMap((text) => [...text.matchAll(NAMED)].map(([, id]) => id as string));
  return [...headingsOf(markdown).map(({ anchor }) => anchor), ...named];
}

/** @returns the links of a page, without those in code */
export function linksOf(markdown: string): readonly Link[] {
  return proseOf(markdown).flatMap((text, at) =>
    [...text.replace(CODE, '').matchAll(LINK)].map(([, target]) => ({
      target: target as string,
      line: at + 1,
    })),
  );
}

/** @returns the tables of a page, in its order */
export function tablesOf(markdown: string): readonly Table[] {
  const tables: (readonly string[])[][] = [];
  let inTable = false;
  for (const text of proseOf(markdown)) {
    const isRow = TABLE_ROW.test(text);
    if (isRow && !inTable) tables.push([]);
    if (isRow && !TABLE_RULE.test(text)) tables.at(-1)?.push(codesOf(text));
    inTable = isRow;
  }
  return tables;
}

const codesOf = (text: string): readonly string[] =>
  [...text.matchAll(CODE)].map(([, code]) => code as string).sort();

/** GitHub: lower case, blanks as hyphens, and of the rest only letters, marks, digits, hyphens and underscores. */
function anchorOf(title: string): string {
  const text = title.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
  return text.replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '').replaceAll(' ', '-');
}

/** The lines of a page, empty where they are in a fenced block, so that the numbers of the others stay. */
export function proseOf(markdown: string): readonly string[] {
  let fenced = false;
  return markdown.split('\n').map((text) => {
    const isFence = FENCE.test(text);
    if (isFence) fenced = !fenced;
    return fenced || isFence ? '' : text;
  });
}
