import type { ASTNode } from '@marcbachmann/cel-js';
import { wording, type Wording } from '../../kernel/wording.js';
import { LANGUAGES } from '../language.js';
import type { StoredValue } from '../member-value.js';
import { textOf } from '../text-of.js';
import type { ConditionScope } from '../vocabulary.js';
import { BIRTH_MONTH, clauses, compared, within } from './comparison.js';
import { fieldNoun, methodNoun, type Noun } from './nouns.js';
import { plain, valueWords, type WordsContext } from './values.js';

/** A condition in words, and of how many single conditions it is made. */
export interface WordedCondition {
  readonly words: Wording;
  readonly conditions: number;
}

interface Reading {
  readonly source: string;
  readonly context: WordsContext;
  /** The name that stands for a line within a macro. */
  readonly line: string | null;
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);
const TURNED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** A condition that compiles, in words; a part that has none is quoted as it is written. */
export function conditionWords(text: string, scope: ConditionScope, context: WordsContext): WordedCondition {
  return said(LANGUAGES[scope].parse(text).ast, { source: text, context, line: null }, false);
}

/** What a condition read, in words: "the channel is “store”". @param key as a trace has it, `receipt.channel` */
export function readWords(
  key: string,
  value: StoredValue,
  scope: ConditionScope,
  context: WordsContext,
): Wording {
  const node = LANGUAGES[scope].parse(key).ast;
  const noun = nounOf(node, { source: key, context, line: null });
  const words = noun?.words ?? plain(key);
  if (value === null) return wording(`${words.en} is not known`, `${words['zh-Hant']}未知`);
  if (typeof value === 'boolean')
    return (
      (value ? noun?.holds : noun?.holdsNot) ??
      wording(`${words.en}: ${value}`, `${words['zh-Hant']}：${value}`)
    );
  return compared(noun ?? { words, kind: 'text' }, '==', valueWords(value, noun?.kind ?? 'text', context));
}

/** @param inner whether it stands within another, where "and" and "or" need brackets. */
function said(node: ASTNode, reading: Reading, inner: boolean): WordedCondition {
  if (node.op === '&&' || node.op === '||') return joined(node.op, node, reading, inner);
  const single = oneOf(node, reading);
  if (single) return { words: single, conditions: 1 };
  const macro = macroOf(node, reading);
  if (macro) return macro;
  const code = textOf(node, reading.source);
  return { words: wording(`“${code}” holds`, `符合「${code}」`), conditions: 1 };
}

function joined(op: '&&' | '||', node: ASTNode, reading: Reading, inner: boolean): WordedCondition {
  const parts = partsOf(op, node).map((part) => said(part, reading, true));
  const words = clauses(
    parts.map((part) => part.words),
    op,
  );
  const conditions = parts.reduce((sum, part) => sum + part.conditions, 0);
  return { words: inner ? wording(`(${words.en})`, `（${words['zh-Hant']}）`) : words, conditions };
}

function partsOf(op: string, node: ASTNode): readonly ASTNode[] {
  if (node.op !== op) return [node];
  const [left, right] = node.args as readonly [ASTNode, ASTNode];
  return [...partsOf(op, left), ...partsOf(op, right)];
}

function oneOf(node: ASTNode, reading: Reading): Wording | null {
  if (node.op === '!_') return flagOf(node.args, false, reading);
  if (node.op === 'in') return listOf(node, reading);
  if (!COMPARISONS.has(node.op)) return flagOf(node, true, reading);
  const [left, right] = node.args as readonly [ASTNode, ASTNode];
  const turn = left.op === 'value' || isDecimal(left);
  const [read, other] = turn ? [right, left] : [left, right];
  const noun = nounOf(read, reading);
  if (!noun) return null;
  const op = turn ? (TURNED[node.op] ?? node.op) : node.op;
  if (other.op === 'value' && typeof other.args === 'boolean')
    return flagOf(read, other.args === (op === '=='), reading);
  const value = literal(other);
  if (value !== null) {
    const isSomething = op === '>' && value === 0n && noun.kind === 'money';
    return compared(
      noun,
      isSomething ? 'something' : op,
      valueWords(value, noun.kind, reading.context),
      value,
    );
  }
  const than = nounOf(other, reading);
  if (noun.kind === 'month' && than?.kind === 'month' && op === '==') return BIRTH_MONTH;
  return than && compared(noun, op, than.words);
}

function flagOf(node: ASTNode, holds: boolean, reading: Reading): Wording | null {
  const noun = nounOf(node, reading);
  if (noun?.kind !== 'flag') return null;
  return (holds ? noun.holds : noun.holdsNot) ?? null;
}

function listOf(node: ASTNode, reading: Reading): Wording | null {
  const [read, list] = node.args as readonly [ASTNode, ASTNode];
  const noun = nounOf(read, reading);
  if (!noun || list.op !== 'list') return null;
  const values = list.args.map(literal);
  if (values.length === 0 || values.includes(null)) return null;
  return within(
    noun,
    values.map((value) => valueWords(value as string | bigint, noun.kind, reading.context)),
  );
}

/** A macro over the lines of the receipt: exists, all, exists_one. */
function macroOf(node: ASTNode, reading: Reading): WordedCondition | null {
  if (node.op !== 'rcall') return null;
  const [name, , [element, body]] = node.args;
  const begin = MACROS[name];
  if (!begin || element?.op !== 'id' || !body) return null;
  const { words, conditions } = said(body, { ...reading, line: element.args }, false);
  return {
    words: wording(`${begin.en} (${words.en})`, `${begin['zh-Hant']}（${words['zh-Hant']}）`),
    conditions,
  };
}

const MACROS: Readonly<Record<string, Wording>> = {
  exists: wording('at least one line meets', '至少一項商品符合'),
  all: wording('every line meets', '每項商品都符合'),
  exists_one: wording('exactly one line meets', '恰好一項商品符合'),
};

function nounOf(node: ASTNode, { line }: Reading): Noun | null {
  const subjectIn = (name: string) => (name === line ? 'line' : name);
  if (node.op === '.' && node.args[0].op === 'id')
    return fieldNoun(subjectIn(node.args[0].args), node.args[1]);
  if (node.op !== 'rcall') return null;
  const [name, receiver, [argument]] = node.args;
  if (receiver.op !== 'id' || argument?.op !== 'value' || typeof argument.args !== 'string') return null;
  return methodNoun(subjectIn(receiver.args), name, argument.args);
}

/** The value of a literal; null for any other node. */
function literal(node: ASTNode): string | bigint | null {
  if (node.op === 'value')
    return typeof node.args === 'string' || typeof node.args === 'bigint' ? node.args : null;
  if (!isDecimal(node)) return null;
  const [argument] = (node as ASTNode & { op: 'call' }).args[1];
  return argument?.op === 'value' && typeof argument.args === 'string' ? argument.args : null;
}

function isDecimal(node: ASTNode): boolean {
  return node.op === 'call' && node.args[0] === 'decimal';
}
