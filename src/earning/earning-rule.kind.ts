import type { ConfigKind } from '../platform/versioned-config/config-snapshot.js';
import type { EarningRule } from './domain/earning-rule.js';

export const earningRuleKind: ConfigKind<EarningRule> = { name: 'earning-rule' };
