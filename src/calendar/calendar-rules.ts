import { earningRuleKind, triggerOf, type CalendarTrigger } from '../earning/index.js';
import type { Instant } from '../kernel/time.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';

/** What the rules about dates of a programme look at. */
export interface CalendarRules {
  /** All triggers there are, of any version. */
  readonly triggers: readonly CalendarTrigger[];
  /** When the first version of any takes effect. */
  readonly from: Instant;
}

/** A configuration never changes, so each is looked through once. */
const known = new WeakMap<ConfigSnapshot, { readonly rules: CalendarRules | null }>();

/** The triggers of a programme's rules about dates, of all versions in force once or later; null where it has none. */
export function calendarRules(config: ConfigSnapshot): CalendarRules | null {
  const found = known.get(config);
  if (found) return found.rules;
  const versions = config
    .inForce(earningRuleKind, Infinity)
    .flatMap(({ key }) => config.versions(earningRuleKind, key));
  const triggers: CalendarTrigger[] = [];
  let from = Infinity;
  for (const { body, effectiveAt } of versions) {
    const trigger = triggerOf(body);
    if (trigger.type !== 'calendar') continue;
    triggers.push(trigger);
    from = Math.min(from, effectiveAt);
  }
  const rules = triggers.length === 0 ? null : { triggers, from };
  known.set(config, { rules });
  return rules;
}

/** A text that differs where the days of members may differ. */
export function calendarFingerprint(config: ConfigSnapshot): string {
  const rules = calendarRules(config);
  if (!rules) return '';
  const triggers = rules.triggers.map(({ on, leapDay }) => `${on} ${leapDay}`);
  return [config.timeZone, rules.from, ...[...new Set(triggers)].sort()].join('\n');
}
