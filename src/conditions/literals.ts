import type { ASTNode } from '@marcbachmann/cel-js';
import { isLocalDate } from '../kernel/time.js';
import { wordForm } from '../kernel/texts.js';
import { DecimalValue } from './decimal-value.js';
import { faultAt } from './fault.js';
import type { Field } from './vocabulary.js';
import { WINDOW_FORMS, windowOfText } from './window-text.js';

/** The largest whole number of CEL. */
const MAX_INT = 2n ** 63n - 1n;

/** @throws ConditionFaultError for a literal that conditions do not have, such as 1.5 or null. */
export function requireLiteral(node: ASTNode & { op: 'value' }): void {
  const { args } = node;
  if (typeof args === 'number')
    throw faultAt(node, 'CONDITION_NOT_ALLOWED', `Write decimal("${args}"): conditions compute exactly.`);
  if (typeof args !== 'string' && typeof args !== 'bigint' && typeof args !== 'boolean')
    throw faultAt(
      node,
      'CONDITION_NOT_ALLOWED',
      'A literal is a text in quotes, a whole number, true or false.',
    );
  if (typeof args === 'bigint' && args > MAX_INT)
    throw faultAt(node, 'CONDITION_NOT_ALLOWED', `A whole number is at most ${MAX_INT}.`);
}

/** @throws ConditionFaultError for a literal text that is no decimal. */
export function requireDecimal(argument: ASTNode): void {
  if (argument.op !== 'value' || typeof argument.args !== 'string' || DecimalValue.read(argument.args))
    return;
  throw faultAt(argument, 'CONDITION_TYPE', 'A decimal has up to 15 digits and 12 decimals, such as "1.5".');
}

/** @throws ConditionFaultError for a division by the literal 0. */
export function requireDivisor(node: ASTNode): void {
  if (node.op !== '/' && node.op !== '%') return;
  const [, divisor] = node.args;
  if (divisor.op === 'value' && divisor.args === 0n)
    throw faultAt(divisor, 'CONDITION_TYPE', 'Nothing can be divided by 0.');
}

const COMPARED: ReadonlySet<string> = new Set(['==', '!=', 'in', '<', '<=', '>', '>=']);
const EQUAL: ReadonlySet<string> = new Set(['==', '!=', 'in']);

/**
 * Looks at what a field is compared with: a category in capitals, weekday 0 and 30 February would never be met.
 * @param fieldOf the field that a node reads; undefined for any other node.
 * @throws ConditionFaultError at the literal.
 */
export function requireComparable(node: ASTNode, fieldOf: (node: ASTNode) => Field | undefined): void {
  if (!COMPARED.has(node.op)) return;
  const [left, right] = node.args as readonly [ASTNode, ASTNode];
  const sides = [left, right].flatMap((side) => (side.op === 'list' ? side.args : [side]));
  const literals = sides.filter(({ op }) => op === 'value');
  for (const field of sides.map(fieldOf)) {
    if (!field) continue;
    for (const literal of literals) requireFit(literal, field, EQUAL.has(node.op));
  }
}

/** The texts that a field is compared with, in the order in which they stand. */
export function comparedTexts(node: ASTNode, isField: (node: ASTNode) => boolean): readonly string[] {
  if (!EQUAL.has(node.op)) return [];
  const [left, right] = node.args as readonly [ASTNode, ASTNode];
  const sides = [left, right].flatMap((side) => (side.op === 'list' ? side.args : [side]));
  if (!sides.some(isField)) return [];
  return sides.flatMap((side) => (side.op === 'value' && typeof side.args === 'string' ? [side.args] : []));
}

function requireFit(literal: ASTNode, { isWord, isDate, range }: Field, isEquality: boolean): void {
  const { args } = literal;
  if (isWord && typeof args === 'string') requireWordForm(literal, args);
  if (isDate && typeof args === 'string' && !isLocalDate(args))
    throw faultAt(
      literal,
      'CONDITION_OUT_OF_RANGE',
      'A day is written as "2026-11-22", and the calendar has it.',
    );
  if (range && isEquality && typeof args === 'bigint' && (args < range[0] || args > range[1]))
    throw faultAt(literal, 'CONDITION_OUT_OF_RANGE', `This value is from ${range[0]} to ${range[1]}.`);
}

/** Words such as categories are compared in their folded form. @throws ConditionFaultError for another form. */
export function requireWordForm(literal: ASTNode, text: string, isPart = false): void {
  // What a word contains may begin or end with a space.
  const word = isPart ? wordForm(`|${text}|`).slice(1, -1) : wordForm(text);
  if (word !== text)
    throw faultAt(literal, 'CONDITION_WORD_FORM', `Write "${word}": such words are compared in lower case.`);
}

/** @throws ConditionFaultError for a text that names no window. */
export function requireWindow(literal: ASTNode): void {
  if (literal.op === 'value' && typeof literal.args === 'string' && windowOfText(literal.args)) return;
  const forms = WINDOW_FORMS.map((form) => `"${form}"`).join(', ');
  throw faultAt(literal, 'CONDITION_OUT_OF_RANGE', `A window is written as one of ${forms}.`);
}
