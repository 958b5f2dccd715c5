import fc from 'fast-check';
import { basketBonus, earningRule } from '../../../test/builders/earning-rule.js';
import type { RuleTrace } from './rule-trace.js';
import { LETTERS, packTraces, ruleNames, traceOf, unpackTraces } from './stored-trace.js';

const reasons: readonly RuleTrace['why'][] = [
  ...(['matched', 'inactive', 'ended', 'noMatchingLine', 'belowStep', 'belowMinimum'] as const),
  ...(['roundedToNothing', 'limitReached', 'memberNotActive'] as const),
];

const considered = fc.record({
  key: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,59}$/),
  version: fc.integer({ min: 1, max: 10_000 }),
  rule: fc.constantFrom(
    earningRule(),
    earningRule({ name: '點數 "加倍"', amount: basketBonus(5, 100) }),
    earningRule({ name: 'x@y z', multiplier: '2' }),
  ),
  why: fc.constantFrom(...reasons),
  basisMinor: fc.nat(),
  points: fc.nat(),
  multiplier: fc.option(fc.constantFrom('1.2', '0.000000000001')),
  limitedBy: fc.option(fc.constantFrom('rule.perDay', 'programme.maximumBalance')),
});

describe('traces as they are stored', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.uniqueArray(considered, { selector: ({ key }) => key, maxLength: 60 }), (list) => {
        const rules = new Map(list.map(({ key, version, rule }) => [`${key}@${version}`, rule]));
        const traces = list.map(({ key, version, rule, why, ...fields }) =>
          traceOf(rule, { id: key, version }, why, fields),
        );
        const stored = JSON.parse(JSON.stringify(packTraces(traces, ruleNames(traces))));
        expect(unpackTraces(stored, ({ id, version }) => rules.get(`${id}@${version}`))).toEqual(traces);
      }),
    );
  });

  it('take a letter and a name each where a rule has nothing else to say', () => {
    const traces = Array.from({ length: 200 }, (_, index) =>
      traceOf(earningRule(), { id: `rule-${index}`, version: 1 }, 'noMatchingLine', {}),
    );
    const stored = packTraces(traces, ruleNames(traces));
    expect(stored).toEqual({ rules: ruleNames(traces), why: 'n'.repeat(200), figures: [] });
  });

  it('wait for a configuration that knows their versions', () => {
    const traces = [traceOf(earningRule(), { id: 'base', version: 2 }, 'matched', { points: 1 })];
    expect(unpackTraces(packTraces(traces, ruleNames(traces)), () => undefined)).toBeNull();
  });

  it('are refused where no release could have written them', () => {
    expect(() => unpackTraces({ rules: 'base@1', why: '?', figures: [] }, () => earningRule())).toThrow(
      'the trace of base version 1 cannot be read',
    );
  });
});

it('has a letter of its own for each reason', () => {
  const letters = Object.values(LETTERS);
  expect(new Set(letters).size).toBe(letters.length);
});
