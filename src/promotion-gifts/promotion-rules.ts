import { earningRuleKind, triggerOf } from '../earning/index.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';

/** A configuration never changes, so each is looked through once. */
const known = new WeakMap<ConfigSnapshot, boolean>();

/** Whether a rule about promotions was ever published. */
export function hasPromotionRules(config: ConfigSnapshot): boolean {
  const found = known.get(config);
  if (found !== undefined) return found;
  const versions = config
    .inForce(earningRuleKind, Infinity)
    .flatMap(({ key }) => config.versions(earningRuleKind, key));
  const has = versions.some(({ body }) => triggerOf(body).type === 'promotion');
  known.set(config, has);
  return has;
}
