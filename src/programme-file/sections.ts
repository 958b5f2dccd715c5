/** One kind of configuration as a section of a programme's file. */
export interface Section {
  /** The field of the file. */
  readonly name: string;
  /** The kind's name. */
  readonly kind: string;
  /** Whether the section is the one definition itself; otherwise it has definitions by their ids. */
  readonly single?: true;
}

/**
 * Every kind of configuration, in the order in which it is published: what others name comes before them. Reasons come
 * last, because a wider one takes a second line of keys.
 */
export const SECTIONS: readonly Section[] = [
  { name: 'tierSets', kind: 'tier-set' },
  { name: 'policy', kind: 'programme-policy', single: true },
  { name: 'accountingPolicy', kind: 'accounting-policy', single: true },
  { name: 'activityTypes', kind: 'activity-type' },
  { name: 'budgets', kind: 'budget' },
  { name: 'campaigns', kind: 'campaign' },
  { name: 'earningRules', kind: 'earning-rule' },
  { name: 'rewards', kind: 'reward' },
  { name: 'adjustmentReasons', kind: 'adjustment-reason' },
];

/** What a file says it is, so that one of another form is refused. */
export const FILE_FORMAT = 'laurel-programme/1';
