import { keyForm, keyTextFault, keyTextReason, type KeyTextFault } from '../../kernel/texts.js';
import type { KeyText } from './cell-reader.js';
import { isErrorValue, keyFault, type KeyFault } from './clean-text.js';
import type { TextFormat } from './mapping.js';
import type { NumberFault } from './money-text.js';
import type { Fault } from './row.js';

/** Faults listed for one row at most; a row that is wrong in every field is most likely shifted. */
const MAX_LISTED = 3;

const NUMBER_REASONS: Readonly<Record<NumberFault, string>> = {
  BLANK: 'is blank',
  NEGATIVE: 'is negative; returns are not imported as purchases',
  NOT_A_NUMBER: 'is no plain decimal number in the format of the mapping',
  TOO_MANY_DECIMALS: 'has more decimals than can be taken',
  TOO_LARGE: 'is too large',
};

/** Collects everything that is wrong with one row. The first fault gives the code. */
export class FaultList {
  private readonly faults: Fault[] = [];

  get count(): number {
    return this.faults.length;
  }

  add(code: string, reason: string): void {
    this.faults.push({ code, reason });
  }

  addNumber(field: string, fault: NumberFault, text: string): void {
    this.add(
      `${field}_${fault}`,
      `the ${field.toLowerCase().replaceAll('_', ' ')} "${text}" ${NUMBER_REASONS[fault]}`,
    );
  }

  summary(): Fault | null {
    const [first] = this.faults;
    if (!first) return null;
    const text = this.faults
      .slice(0, MAX_LISTED)
      .map(({ reason }) => reason)
      .join('; ');
    return { code: first.code, reason: `${text.charAt(0).toUpperCase()}${text.slice(1)}.` };
  }
}

export interface KeyRule {
  readonly max: number;
  readonly required?: boolean;
  /** The text is a number or a code of the old system, which a spreadsheet may have spoilt; absent for a mere label. */
  readonly code?: TextFormat;
}

const SPOILT: Readonly<Record<KeyFault, string>> = {
  SPREADSHEET_NUMBER:
    'is what a spreadsheet writes for a long number, whose digits are lost; export it as text',
  SPREADSHEET_ERROR: 'is what a spreadsheet writes for an error',
  FORMULA:
    'is a formula of a spreadsheet; only a text in quotes, ="00123", is read, where texts of the mapping say "formulas": "unwrap"',
  APOSTROPHE:
    'has the apostrophe of a spreadsheet before it; say "formulas": "unwrap" in texts of the mapping to read it without',
  FULL_WIDTH: 'has full-width characters; say "fullWidth": "convert" (or "keep") in texts of the mapping',
};

const KEY_FAULTS: Readonly<Record<KeyTextFault, string>> = {
  empty: 'BLANK',
  tooLong: 'TOO_LONG',
  spaceAtEnd: 'SPACE_AT_END',
  invisible: 'NOT_TEXT',
};

/**
 * Reads a text that something is known by, as the API reads it: what counts as the same here is the same there.
 * @returns it, also when it is faulty: the caller asks the list.
 */
export function readKey(field: string, cell: KeyText, rule: KeyRule, faults: FaultList): string {
  const { max, required, code } = rule;
  const text = keyForm(cell.text);
  const name = `the ${field.toLowerCase().replaceAll('_', ' ').replace(/ no$/, ' number')}`;
  for (const part of cell.parts) {
    const spoilt = code ? keyFault(part, code) : isErrorValue(part) ? 'SPREADSHEET_ERROR' : null;
    if (spoilt === null) continue;
    faults.add(`${field}_${spoilt}`, `${name} "${part}" ${SPOILT[spoilt]}`);
    break;
  }
  const fault = keyTextFault(text, max);
  if (fault === null || (fault === 'empty' && !required)) return text;
  faults.add(`${field}_${KEY_FAULTS[fault]}`, `${name} ${keyTextReason(fault, max)}`);
  return text;
}

/** Checks a free text of a row. @returns it, also when it is faulty. */
export function readFreeText(name: string, text: string, faults: FaultList): string {
  if (text.includes('\0') || !text.isWellFormed())
    faults.add('ATTRIBUTE_NOT_TEXT', `the attribute ${name} has a character that is not text`);
  if (isErrorValue(text))
    faults.add('ATTRIBUTE_SPREADSHEET_ERROR', `the attribute ${name} "${text}" ${SPOILT.SPREADSHEET_ERROR}`);
  return text;
}
