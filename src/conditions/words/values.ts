import { dayWords, moneyWords, monthWords, numberText, weekdayWords } from '../../kernel/worded-figures.js';
import { quoted, wording, type Wording } from '../../kernel/wording.js';
import type { NounKind } from './nouns.js';

/** What figures and names are written with. */
export interface WordsContext {
  readonly currency: string;
  /** What members call a rung. */
  readonly tierName: (key: string) => string;
}

/** A value as people say it. */
export function valueWords(value: string | bigint, kind: NounKind, context: WordsContext): Wording {
  if (kind === 'tier') return quoted(context.tierName(String(value)));
  if (kind === 'date' && typeof value === 'string') return dayWords(value);
  const whole = wholeOf(value);
  const figure = whole === null ? undefined : FIGURES[kind]?.(whole, context);
  if (figure) return figure;
  if (kind === 'number') return plain(String(value));
  return value === '' ? wording('empty', '空白') : quoted(String(value));
}

/** How whole numbers are written, by what they count; the rest is text. */
const FIGURES: Partial<Record<NounKind, (whole: bigint, context: WordsContext) => Wording | undefined>> = {
  money: (whole, { currency }) => moneyWords(whole, currency),
  weekday: (whole) => weekdayWords(Number(whole)),
  month: (whole) => monthWords(Number(whole)),
  hour: (whole) => wording(`${String(whole).padStart(2, '0')}:00`, `${whole} 時`),
  number: (whole) => plain(numberText(whole)),
};

function wholeOf(value: string | bigint): bigint | null {
  if (typeof value === 'bigint') return value;
  return /^-?\d{1,30}$/.test(value) ? BigInt(value) : null;
}

export function plain(text: string): Wording {
  return wording(text, text);
}
