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
    this.add(`${field}_${fault}`, `the ${field.toLowerCase()} "${text}" ${NUMBER_REASONS[fault]}`);
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

export interface TextRule {
  readonly max?: number;
  readonly required?: boolean;
  readonly oneLine?: boolean;
}

/** Checks a text of a row. @returns it, also when it is faulty: the caller asks the list. */
export function readText(field: string, text: string, rule: TextRule, faults: FaultList): string {
  const name = `the ${field.toLowerCase().replaceAll('_', ' ').replace(/ no$/, ' number')}`;
  const code = field.replace(/^ATTRIBUTE .*$/, 'ATTRIBUTE');
  if (rule.required && text === '') faults.add(`${code}_BLANK`, `${name} is blank`);
  if (rule.max !== undefined && text.length > rule.max) {
    faults.add(`${code}_TOO_LONG`, `${name} has more than ${rule.max} characters`);
  }
  if (text.includes('\0') || !text.isWellFormed()) {
    faults.add(`${code}_NOT_TEXT`, `${name} has a character that is not text`);
  }
  if (rule.oneLine && /[\n\r]/.test(text))
    faults.add(`${code}_NOT_ONE_LINE`, `${name} has a line break in it`);
  return text;
}
