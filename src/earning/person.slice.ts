import { localDate, type Instant, type LocalDate } from '../kernel/time.js';
import type { MemberSlice } from '../platform/pipeline/index.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import type { RuleInForce } from './domain/rule-in-force.js';
import { earningRulesInForce } from './earning-rule.kind.js';
import { compiledConditions } from './rule-conditions.js';

/** What conditions may read of a member beside the standing. */
export interface Person {
  readonly birthDate: LocalDate | null;
  readonly enrolledAt: Instant;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Loaded only where a rule in force reads the member; null elsewhere. Members change through their store. */
export const personSlice: MemberSlice<Person | null> = {
  scope: 'member',
  name: 'person',
  parameters: [
    {
      name: 'person',
      type: 'boolean',
      value: (config, occurredAt) => (readsMember(config, occurredAt) ? true : null),
    },
  ],
  select: `CASE WHEN c.person THEN json_build_object('birthDate', m.birth_date,
    'enrolledAt', (extract(epoch FROM m.enrolled_at) * 1000)::bigint, 'attributes', m.attributes) END AS person`,
  read: (row) => row['person'] as Person | null,
  merge: (state, row) => state ?? (row['person'] as Person | null),
  apply: (state) => state,
};

/** Lists of rules in force last as long as the configuration does. */
const reading = new WeakMap<readonly RuleInForce[], boolean>();

/** Whether a rule in force at an instant reads the member in a condition. */
function readsMember(config: ConfigSnapshot, at: Instant): boolean {
  const rules = earningRulesInForce(config, at);
  const known = reading.get(rules);
  if (known !== undefined) return known;
  const made = rules.some(({ rule }) => {
    const { receipt, line } = compiledConditions(rule);
    return receipt?.reads('person') === true || line?.reads('person') === true;
  });
  reading.set(rules, made);
  return made;
}

/** The day on which a person was enrolled, in the programme's zone. */
export function enrolledOn({ enrolledAt }: Person, zone: string): LocalDate {
  return localDate(enrolledAt, zone);
}
