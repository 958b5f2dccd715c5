import type { TextFormat } from './mapping.js';

/** Full-width forms of the ASCII characters, and the space that goes with them. */
const FULL_WIDTH = /[\uff01-\uff5e\u3000]/;
const FULL_WIDTH_ALL = new RegExp(FULL_WIDTH.source, 'g');
/** By how much a full-width form lies above its ASCII character. */
const FULL_WIDTH_OFFSET = 0xfee0;

/** What a spreadsheet writes for a number that it found too long: 2.9E+12, 2,9001E+12. */
const SCIENTIFIC = /^[-+]?\d(?:[.,]\d+)?E\+\d+$/;
/** What it writes for an error, in its language (#N/A, #NV, #REF!, #¿NOMBRE?), and for a column that is too narrow. */
const ERROR_VALUE = /^#(?:[\p{Lu}\d/_¡¿]*[!?]|N\/[ABD]|NV|I\/T|Н\/Д|YOK|SAKNAS|#*)$/u;
/** A formula that is nothing but a text: ="00123". Where more quotes follow the first, what is meant cannot be known. */
const QUOTED = /^="(?!"")((?:[^"]|"")*)"$/;
/** What a spreadsheet has before a text that it would take for a number or a formula: '00123. */
const APOSTROPHE = /^'(?=[=+@-]|\d[\d.,:/ -]*$)/;

/** What may be wrong with a text that is a key; the field's name goes before it: MEMBER_SPREADSHEET_NUMBER. */
export type KeyFault = 'SPREADSHEET_NUMBER' | 'SPREADSHEET_ERROR' | 'FORMULA' | 'APOSTROPHE' | 'FULL_WIDTH';

/** Takes blanks off the ends, and whatever else the mapping says a spreadsheet or an input method put there. */
export function textCleaner({ formulas, fullWidth }: TextFormat): (text: string) => string {
  return (text) => {
    const plain = fullWidth === 'convert' ? toHalfWidth(text) : text;
    const trimmed = plain.trim();
    if (formulas !== 'unwrap') return trimmed;
    const inner = QUOTED.exec(trimmed)?.[1];
    return inner === undefined ? trimmed.replace(APOSTROPHE, '') : inner.replaceAll('""', '"').trim();
  };
}

/** What a spreadsheet or an input method did to a key; null where it is sound. */
export function keyFault(text: string, { fullWidth }: TextFormat): KeyFault | null {
  if (SCIENTIFIC.test(text)) return 'SPREADSHEET_NUMBER';
  if (isErrorValue(text)) return 'SPREADSHEET_ERROR';
  if (text.startsWith('=')) return 'FORMULA';
  if (APOSTROPHE.test(text)) return 'APOSTROPHE';
  return fullWidth === 'reject' && FULL_WIDTH.test(text) ? 'FULL_WIDTH' : null;
}

export function isErrorValue(text: string): boolean {
  return text.startsWith('#') && ERROR_VALUE.test(text);
}

function toHalfWidth(text: string): string {
  return text.replaceAll(FULL_WIDTH_ALL, (wide) =>
    wide === '\u3000' ? ' ' : String.fromCharCode(wide.charCodeAt(0) - FULL_WIDTH_OFFSET),
  );
}
