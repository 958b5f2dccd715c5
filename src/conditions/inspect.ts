import type { ASTNode } from '@marcbachmann/cel-js';
import { faultAt } from './fault.js';
import {
  comparedTexts,
  requireComparable,
  requireDecimal,
  requireDivisor,
  requireLiteral,
  requireWindow,
  requireWordForm,
} from './literals.js';
import { subjectOf, type ConditionScope, type Field } from './vocabulary.js';

/** Lines of one receipt, each of which a macro looks at. */
const MAX_LINES = 1000;
/** What macros read. */
export const LINES_KEY = 'receipt.lines';
/** The most steps that one condition may take over one receipt. */
export const MAX_STEPS = 10_000;

/** Elements of a list that take as long as one other step (measured). */
const ELEMENTS_A_STEP = 5;

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

/** One of the conditions that `&&` joins. */
export interface InspectedPart {
  readonly node: ASTNode;
  /** What it reads (`member.age`, `receipt.paidWith("px_pay")`), without what a macro reads of its lines. */
  readonly keys: readonly string[];
}

export interface Inspection {
  readonly parts: readonly InspectedPart[];
  /** The most steps that the whole takes over one receipt. */
  readonly steps: number;
  /** The rungs of a ladder that it names. */
  readonly rungs: readonly string[];
}

/**
 * Reads a checked syntax tree: what the condition reads, what it costs at most, and whether all of it is allowed.
 * Regular expressions, dates of the library, floating-point numbers and nested macros are not.
 * @throws ConditionFaultError at the first node that is not allowed.
 */
export function inspect(root: ASTNode, scope: ConditionScope): Inspection {
  const joined = joinedBy(root);
  const parts: InspectedPart[] = [];
  const rungs = new Set<string>();
  let taken = joined.length - 1;
  for (const node of joined) {
    const inspector = new Inspector(scope);
    inspector.visit(node, null);
    if (inspector.keys.size === 0)
      throw faultAt(node, 'CONDITION_CONSTANT', 'This reads nothing, so it is always the same.');
    parts.push({ node, keys: [...inspector.keys] });
    taken += inspector.steps;
    for (const rung of inspector.rungs) rungs.add(rung);
  }
  const steps = taken * (scope === 'line' ? MAX_LINES : 1);
  if (steps > MAX_STEPS) {
    const detail = `The condition may take ${steps} steps over ${MAX_LINES} lines; ${MAX_STEPS} are allowed.`;
    throw faultAt(root, 'CONDITION_TOO_COSTLY', detail);
  }
  return { parts, steps, rungs: [...rungs] };
}

/** The conditions that `&&` joins, from left to right. */
function joinedBy(node: ASTNode): readonly ASTNode[] {
  return node.op === '&&' ? [...joinedBy(node.args[0]), ...joinedBy(node.args[1])] : [node];
}

/** The variable of a macro, which stands for a line. */
type LineVariable = string | null;

class Inspector {
  readonly keys = new Set<string>();
  readonly rungs: string[] = [];
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
        this.steps += Math.ceil(node.args.length / ELEMENTS_A_STEP);
        return this.visitAll(node.args, variable);
      default:
        if (!OPERATORS.has(node.op))
          throw faultAt(
            node,
            'CONDITION_NOT_ALLOWED',
            `The operator ${node.op} is not available in conditions.`,
          );
        requireComparable(node, (side) => fieldOf(side, variable));
        requireDivisor(node);
        // Without a ladder a member's rung is "".
        this.rungs.push(...comparedTexts(node, isRung).filter((rung) => rung !== ''));
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
    this.read(subject.args, field, variable);
  }

  private visitCall(node: ASTNode & { op: 'call' }, variable: LineVariable): void {
    const [name, args] = node.args;
    if (name !== 'decimal' && name !== 'size')
      throw faultAt(node, 'CONDITION_NOT_ALLOWED', `The function ${name} is not available in conditions.`);
    if (name === 'decimal' && args[0]) requireDecimal(args[0]);
    this.steps += 1;
    this.visitAll(args, variable);
  }

  private visitMethod(node: ASTNode & { op: 'rcall' }, variable: LineVariable): void {
    const [name, receiver, args] = node.args;
    if (MACROS.has(name)) return this.visitMacro(node, variable);
    const method =
      receiver.op === 'id' ? subjectOf(subjectName(receiver.args, variable))?.methods[name] : undefined;
    if (receiver.op === 'id' && method) {
      const [argument] = args;
      if (argument?.op !== 'value' || typeof argument.args !== 'string')
        throw faultAt(argument ?? node, 'CONDITION_NOT_ALLOWED', `${name} takes one text in quotes.`);
      if (method.argument === 'window') requireWindow(argument);
      return this.read(receiver.args, `${name}(${JSON.stringify(argument.args)})`, variable);
    }
    if (!TEXT_METHODS.has(name))
      throw faultAt(node, 'CONDITION_NOT_ALLOWED', `The method ${name} is not available in conditions.`);
    this.steps += 1;
    if (fieldOf(receiver, variable)?.isWord)
      for (const part of args)
        if (part.op === 'value' && typeof part.args === 'string') requireWordForm(part, part.args, true);
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
    this.keys.add(LINES_KEY);
  }

  private read(subject: string, what: string, variable: LineVariable): void {
    this.steps += 1;
    if (subject !== variable) this.keys.add(`${subject}.${what}`);
  }
}

/** The subject behind a name: a macro's variable stands for a line. */
function subjectName(name: string, variable: LineVariable): string {
  return name === variable ? 'line' : name;
}

/** The field that a node reads; undefined for any other node. */
function isRung(node: ASTNode): boolean {
  if (node.op !== '.') return false;
  const [subject, field] = node.args;
  return subject.op === 'id' && subject.args === 'member' && field === 'tier';
}

function fieldOf(node: ASTNode, variable: LineVariable): Field | undefined {
  if (node.op !== '.' || node.args[0].op !== 'id') return undefined;
  const fields: Readonly<Record<string, Field>> =
    subjectOf(subjectName(node.args[0].args, variable))?.fields ?? {};
  return Object.hasOwn(fields, node.args[1]) ? fields[node.args[1]] : undefined;
}
