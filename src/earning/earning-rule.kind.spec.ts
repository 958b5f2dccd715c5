import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { earningRule } from '../../test/builders/earning-rule.js';
import { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { earningRuleKind, earningRulesInForce } from './earning-rule.kind.js';

describe('a rule that was published before it had all its fields', () => {
  it('is read as if it had said what held then', () => {
    const { multiplier: _, earnOnPointsPaid: __, limits: ___, pending: ____, ...body } = earningRule();
    const { programmeId } = new ConfigurationBuilder().build();
    const version = { kind: earningRuleKind.name, key: 'base', version: 1, effectiveAt: 0, body };
    const config = new ConfigSnapshot(programmeId, 'PLN', 'Europe/Warsaw', 1, [version]);
    const [rule] = earningRulesInForce(config, 1);
    expect(rule?.rule).toEqual(earningRule({ trigger: { type: 'receipt' }, gives: 'points' }));
    expect(earningRulesInForce(config, 2)[0]).toBe(rule);
  });
});
