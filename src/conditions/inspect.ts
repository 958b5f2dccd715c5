import type { ASTNode } from '@marcbachmann/cel-js';
import { wordForm } from '../kernel/texts.js';
import { DecimalValue } from './decimal-value.js';
import { faultAt } from './fault.js';
import { subjectOf, type ConditionScope, type Field } from './vocabulary.js';

/** Lines of one receipt, each of which a macro looks at. */
const MAX_LINES = 1000;
/** The most steps that one condition may take over one receipt. */
export const MAX_STEPS = 10_000;

const MACROS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter']);
const TEXT_METHODS: ReadonlySet<string> = new Set(['contains', 'startsWith', 'endsWith', 'size']);
const OPERATORS: ReadonlySet<string> = new Set([
  '&&',
  '||',
  '!_',
  '-_',
  '?:',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  '+',
  '-',
  '*',
  '/',
  '%',
]);

/** One value that a condition reads: `member.age`, `receipt.paidWith("px_pay")`. */
export interface Leaf {
  /** The same for all ways to write it. */
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

export interface Inspection {
  /** Each once, in the order of the text; without what a macro reads of its lines. */
  readonly leaves: readonly Leaf[];
  /** The most steps that it takes over one receipt. */
  readonly steps: number;
}

/**
 * Reads a checked syntax tree: what the condition reads, what it costs at most, and whether all of it is allowed.
 * Regular expressions, dates of the library, floating-point numbers and nested macros are not.
 * @throws ConditionFaultError at the first node that is not allowed.
 */
export function inspect(root: ASTNode, scope: ConditionScope): Inspection {
  const inspector = new Inspector(scope);
  inspector.visit(root, null);
  const steps = inspector.steps * (scope === 'line' ? MAX_LINES : 1);
  if (steps > MAX_STEPS) {
    const detail = `The condition may take ${steps} steps over ${MAX_LINES} lines; ${MAX_STEPS} are allowed.`;
    throw faultAt(root, 'CONDITION_TOO_COSTLY', detail);
  }
  if (inspector.leaves.size === 0)
    throw faultAt(root, 'CONDITION_CONSTANT', 'The condition reads nothing, so it is always the same.');
  return { leaves: [...inspector.leaves.values()], steps };
}

/** The variable of a macro, which stands for a line. */
type LineVariable = string | null;

class Inspector {
  readonly leaves = new Map<string, Leaf>();
  steps = 0;

  constructor(private readonly scope: ConditionScope) {}

  visit(node: ASTNode, variable: LineVariable): void {
    switch (node.op) {
      case 'value':
        return requireLiteral(node);
      case 'id':
        throw faultAt(
          node,
          'CONDITION_NOT_ALLOWED',
          `${node.args} has no value of its own; read a field of it.`,
        );
      case '.':
        return this.visitField(node, variable);
      case 'call':
        return this.visitCall(node, variable);
      case 'rcall':
        return this.visitMethod(node, variable);
      case 'list':
        return this.visitAll(node.args, variable);
      default:
        if (!OPERATORS.has(node.op))
          throw faultAt(
            node,
            'CONDITION_NOT_ALLOWED',
            `The operator ${node.op} is not available in conditions.`,
          );
        requireWordForm(node, variable);
        requireDivisor(node);
        this.steps += 1;
        this.visitAll(Array.isArray(node.args) ? (node.args as ASTNode[]) : [node.args], variable);
    }
  }

  private visitAll(nodes: readonly ASTNode[], variable: LineVariable): void {
    for (const node of nodes) this.visit(node, variable);
  }

  private visitField(node: ASTNode & { op: '.' }, variable: LineVariable): void {
    const [subject, field] = node.args;
    if (subject.op !== 'id') throw faultAt(node, 'CONDITION_NOT_ALLOWED', `${field} cannot be read of this.`);
    if (subject.args === 'receipt' && field === 'lines')
      throw faultAt(
        node,
        'CONDITION_NOT_ALLOWED',
        'receipt.lines is read with exists, all, exists_one or filter.',
      );
    this.read(node, subject.args, field, variable);
  }

  private visitCall(node: ASTNode & { op: 'call' }, variable: LineVariable): void {
    const [name, args] = node.args;
    if (name !== 'decimal' && name !== 'size')
      throw faultAt(node, 'CONDITION_NOT_ALLOWED', `The function ${name} is not available in conditions.`);
    const [first] = args;
    if (
      name === 'decimal' &&
      first?.op === 'value' &&
      typeof first.args === 'string' &&
      !DecimalValue.read(first.args)
    )
      throw faultAt(first, 'CONDITION_TYPE', 'A decimal has up to 15 digits and 12 decimals, such as "1.5".');
    this.steps += 1;
    this.visitAll(args, variable);
  }

  private visitMethod(node: ASTNode & { op: 'rcall' }, variable: LineVariable): void {
    const [name, receiver, args] = node.args;
    if (MACROS.has(name)) return this.visitMacro(node, variable);
    if (receiver.op === 'id' && subjectOf(subjectName(receiver.args, variable))?.methods[name]) {
      const [argument] = args;
      if (argument?.op !== 'value' || typeof argument.args !== 'string')
        throw faultAt(argument ?? node, 'CONDITION_NOT_ALLOWED', `${name} takes one text in quotes.`);
      return this.read(node, receiver.args, `${name}(${JSON.stringify(argument.args)})`, variable);
    }
    if (!TEXT_METHODS.has(name))
      throw faultAt(node, 'CONDITION_NOT_ALLOWED', `The method ${name} is not available in conditions.`);
    this.steps += 1;
    this.visitAll([receiver, ...args], variable);
  }

  /** A macro looks at each line; over 1,000 lines its body is taken 1,000 times. */
  private visitMacro(node: ASTNode & { op: 'rcall' }, variable: LineVariable): void {
    const [name, receiver, [element, body]] = node.args;
    const isLines =
      receiver.op === '.' && receiver.args[0].op === 'id' && receiver.args[0].args === 'receipt';
    if (!isLines || receiver.args[1] !== 'lines')
      throw faultAt(node, 'CONDITION_NOT_ALLOWED', `${name} looks at receipt.lines only.`);
    if (variable !== null || this.scope === 'line')
      throw faultAt(node, 'CONDITION_NOT_ALLOWED', `${name} cannot stand where a single line is looked at.`);
    if (element?.op !== 'id' || !body)
      throw faultAt(node, 'CONDITION_SYNTAX', `${name} takes a name for the line and a condition on it.`);
    if (subjectOf(element.args))
      throw faultAt(
        element,
        'CONDITION_NOT_ALLOWED',
        `${element.args} has a meaning already; take another name.`,
      );
    const before = this.steps;
    this.visit(body, element.args);
    this.steps = before + 1 + (this.steps - before) * MAX_LINES;
    this.keep('receipt.lines', receiver);
  }

  private read(node: ASTNode, subject: string, what: string, variable: LineVariable): void {
    this.steps += 1;
    if (subject !== variable) this.keep(`${subject}.${what}`, node);
  }

  private keep(key: string, { start, end }: ASTNode): void {
    if (!this.leaves.has(key)) this.leaves.set(key, { key, from: start, to: end });
  }
}

/** The subject behind a name: a macro's variable stands for a line. */
function subjectName(name: string, variable: LineVariable): string {
  return name === variable ? 'line' : name;
}

function requireLiteral(node: ASTNode & { op: 'value' }): void {
  const { args } = node;
  if (typeof args === 'number')
    throw faultAt(node, 'CONDITION_NOT_ALLOWED', `Write decimal("${args}"): conditions compute exactly.`);
  if (typeof args !== 'string' && typeof args !== 'bigint' && typeof args !== 'boolean')
    throw faultAt(
      node,
      'CONDITION_NOT_ALLOWED',
      'A literal is a text in quotes, a whole number, true or false.',
    );
}

/** Words such as categories are compared in their folded form, so a literal in another form would never be met. */
function requireWordForm(node: ASTNode, variable: LineVariable): void {
  if (node.op !== '==' && node.op !== '!=' && node.op !== 'in') return;
  const [left, right] = node.args;
  if (!isWord(left, variable) && !isWord(right, variable)) return;
  const literals = [left, right].flatMap((side) => (side.op === 'list' ? side.args : [side]));
  for (const literal of literals) {
    if (literal.op !== 'value' || typeof literal.args !== 'string') continue;
    const word = wordForm(literal.args);
    if (word !== literal.args)
      throw faultAt(
        literal,
        'CONDITION_WORD_FORM',
        `Write "${word}": such words are compared in lower case.`,
      );
  }
}

function isWord(node: ASTNode, variable: LineVariable): boolean {
  if (node.op !== '.' || node.args[0].op !== 'id') return false;
  const field: Field | undefined = subjectOf(subjectName(node.args[0].args, variable))?.fields[node.args[1]];
  return field?.isWord === true;
}

function requireDivisor(node: ASTNode): void {
  if (node.op !== '/' && node.op !== '%') return;
  const [, divisor] = node.args;
  if (divisor.op === 'value' && divisor.args === 0n)
    throw faultAt(divisor, 'CONDITION_TYPE', 'Nothing can be divided by 0.');
}
