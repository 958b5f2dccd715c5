import type { DomainEvent } from '../kernel/domain-events.js';
import type { Instant } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import type { MemberSlice } from '../platform/pipeline/index.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { ACTIVITY_HISTORY_JOIN, ACTIVITY_HISTORY_SELECT } from './activity-history.query.js';
import type { RuleInForce } from './domain/rule-in-force.js';
import { earningRulesInForce } from './earning-rule.kind.js';
import { compiledConditions } from './rule-conditions.js';

/** When a member did something of each type that was asked for, in any order. */
export type ActivityHistory = ReadonlyMap<string, readonly Instant[]>;

/** Loaded only where a rule in force asks for activities of before; null elsewhere. */
export const activityHistorySlice: MemberSlice<ActivityHistory | null> = {
  scope: 'member',
  name: 'activityHistory',
  parameters: [{ name: 'activity_types', type: 'text', value: (config, at) => askedTypes(config, at) }],
  join: ACTIVITY_HISTORY_JOIN,
  select: ACTIVITY_HISTORY_SELECT,
  read: readHistory,
  merge: (state, row) => {
    const read = readHistory(row);
    return state && read ? new Map([...read, ...state]) : (state ?? read);
  },
  apply: afterEvent,
};

function readHistory(row: Row): ActivityHistory | null {
  const types = row['activity_types'] as string | null;
  if (types === null) return null;
  const history = new Map<string, Instant[]>(types.split('\n').map((type) => [type, []]));
  for (const [type, at] of (row['activity_history'] ?? []) as [string, number][]) history.get(type)?.push(at);
  return history;
}

function afterEvent(history: ActivityHistory | null, event: DomainEvent): ActivityHistory | null {
  if (history === null || (event.type !== 'activity.recorded' && event.type !== 'activity.cancelled'))
    return history;
  const { type, occurredAt } = event.data.activity;
  const known = history.get(type.id);
  if (!known) return history;
  if (event.type === 'activity.recorded') return new Map(history).set(type.id, [...known, occurredAt]);
  const at = known.indexOf(occurredAt);
  return at < 0 ? history : new Map(history).set(type.id, known.toSpliced(at, 1));
}

/** Lists of rules in force last as long as the configuration does. */
const asked = new WeakMap<readonly RuleInForce[], string | null>();

/** The types of activities whose past a rule in force at an instant asks for, one a line; null where none does. */
function askedTypes(config: ConfigSnapshot, at: Instant): string | null {
  const rules = earningRulesInForce(config, at);
  const known = asked.get(rules);
  if (known !== undefined) return known;
  const types = rules.flatMap(({ rule }) => {
    const { receipt, line } = compiledConditions(rule);
    return [receipt, line].flatMap((condition) => condition?.activityTypes ?? []);
  });
  const made = types.length === 0 ? null : [...new Set(types)].sort().join('\n');
  asked.set(rules, made);
  return made;
}
