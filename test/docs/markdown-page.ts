/** One fenced block of a page. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** What the page shows as this block's output: the `text` block right behind it. */
  readonly shown: string | null;
  /** Why the block is not run: `<!-- not run: … -->` on the line above it. */
  readonly notRun: string | null;
  /** Name under which the block is written to the page's folder: `<!-- file: … -->` on the line above it. */
  readonly file: string | null;
}

const FENCE = /^```(\w*)$/;
const NOT_RUN = /^<!-- not run: (.+) -->$/;
const FILE = /^<!-- file: (\S+) -->$/;

/** @returns the fenced blocks of a page, in its order. */
export function blocksOf(markdown: string): readonly Block[] {
  const lines = markdown.split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const language = FENCE.exec(lines[at] ?? '')?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf('```', at + 1);
    if (end === -1) throw new Error(`The block of line ${at + 1} has no end`);
    const above = lines.slice(0, at).findLast((line) => line.trim() !== '') ?? '';
    blocks.push({
      language,
      text: lines.slice(at + 1, end).join('\n'),
      line: at + 1,
      shown: outputBehind(lines, end),
      notRun: NOT_RUN.exec(above)?.[1] ?? null,
      file: FILE.exec(above)?.[1] ?? null,
    });
    at = end;
  }
  return blocks;
}

function outputBehind(lines: readonly string[], fence: number): string | null {
  const next = lines.findIndex((line, at) => at > fence && line.trim() !== '');
  if (lines[next] !== '```text') return null;
  return lines.slice(next + 1, lines.indexOf('```', next + 1)).join('\n');
}
