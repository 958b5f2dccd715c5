import type { RuleTrace } from '../kernel/domain-events.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { packTraces, ruleNames, unpackTraces, type StoredTrace } from './domain/stored-trace.js';
import { earningRuleVersion } from './earning-rule.kind.js';

/** The traces of a receipt in the form in which they are stored with it. */
export function storedExplanation(traces: readonly RuleTrace[]): StoredTrace {
  return packTraces(traces, ruleNames(traces));
}

/**
 * Reads what was stored with a receipt; receipts of before have their traces in full.
 * @returns null where the configuration at hand does not know a version yet.
 */
export function readExplanation(stored: unknown, config: ConfigSnapshot): readonly RuleTrace[] | null {
  if (Array.isArray(stored)) return stored as readonly RuleTrace[];
  return unpackTraces(stored as StoredTrace, (ref) => earningRuleVersion(config, ref)?.body);
}
