import { Environment } from '@marcbachmann/cel-js';
import { ActivityValue } from './activity-value.js';
import { DecimalValue } from './decimal-value.js';
import { HistoryValue } from './history-value.js';
import { MemberValue } from './member-value.js';
import { LineValue, ReceiptValue } from './receipt-value.js';
import { TimeValue } from './time-value.js';
import { SUBJECTS_OF, VOCABULARY, type ConditionScope, type SubjectName } from './vocabulary.js';

/** Nodes of the syntax tree of one condition. */
export const MAX_NODES = 500;
/** How deep brackets and calls may be nested. */
export const MAX_DEPTH = 32;
/** Elements of one list. */
export const MAX_ELEMENTS = 100;

const TYPES: Readonly<
  Record<SubjectName, readonly [name: string, ctor: abstract new (...args: never[]) => object]>
> = {
  receipt: ['Receipt', ReceiptValue],
  line: ['Line', LineValue],
  activity: ['Activity', ActivityValue],
  member: ['Member', MemberValue],
  history: ['History', HistoryValue],
  time: ['Time', TimeValue],
};

/** The language of a scope: CEL with exactly the subjects of the vocabulary and our own decimals. */
function environmentOf(scope: ConditionScope): Environment {
  const environment = new Environment({
    limits: {
      maxAstNodes: MAX_NODES,
      maxDepth: MAX_DEPTH,
      maxListElements: MAX_ELEMENTS,
      maxMapEntries: 0,
      maxCallArguments: 2,
    },
  });
  registerDecimals(environment);
  for (const name of ['line', 'receipt', 'activity', 'member', 'history', 'time'] as const)
    registerSubject(environment, name);
  for (const name of SUBJECTS_OF[scope]) environment.registerVariable(name, TYPES[name][0]);
  return environment;
}

function registerSubject(environment: Environment, name: SubjectName): void {
  const [type, ctor] = TYPES[name];
  const { fields, methods } = VOCABULARY[name];
  const types = Object.fromEntries(Object.entries(fields).map(([field, { type: of }]) => [field, of]));
  environment.registerType(type, { ctor, fields: types });
  for (const [method, { type: returns }] of Object.entries(methods)) {
    const call = (self: Record<string, (argument: string) => unknown>, argument: string): unknown =>
      self[method]?.(argument);
    environment.registerFunction(`${type}.${method}(string): ${returns}`, call);
  }
}

function registerDecimals(environment: Environment): void {
  environment.registerType('Decimal', { ctor: DecimalValue, fields: {} });
  environment.registerFunction('decimal(string): Decimal', (text: string) => {
    const value = DecimalValue.read(text);
    if (!value) throw new Error(`not a decimal: ${text}`);
    return value;
  });
  environment.registerFunction('decimal(int): Decimal', (whole: bigint) => new DecimalValue(whole, 0));
  const compared: Readonly<Record<string, (order: number) => boolean>> = {
    '==': (order) => order === 0,
    '<': (order) => order < 0,
    '<=': (order) => order <= 0,
    '>': (order) => order > 0,
    '>=': (order) => order >= 0,
  };
  for (const [operator, holds] of Object.entries(compared)) {
    environment.registerOperator(`Decimal ${operator} Decimal`, (a: DecimalValue, b: DecimalValue) =>
      holds(a.compare(b)),
    );
  }
  environment.registerOperator('Decimal + Decimal', (a: DecimalValue, b: DecimalValue) => a.plus(b));
  environment.registerOperator('Decimal - Decimal', (a: DecimalValue, b: DecimalValue) => a.minus(b));
  environment.registerOperator('Decimal * Decimal', (a: DecimalValue, b: DecimalValue) => a.times(b));
}

/** Making an environment is expensive, and each is the same for the life of the process. */
export const LANGUAGES: Readonly<Record<ConditionScope, Environment>> = {
  receipt: environmentOf('receipt'),
  line: environmentOf('line'),
  activity: environmentOf('activity'),
  occasion: environmentOf('occasion'),
};
