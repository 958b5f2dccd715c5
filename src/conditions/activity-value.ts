import { flagOf, numberOf, textOf, type Attributes } from './attributes.js';
import type { DecimalValue } from './decimal-value.js';
import { MissingValueError } from './missing-value.js';

/** What conditions know of an activity. */
export interface ActivityFacts {
  /** Key of its type. */
  readonly type: string;
  /** Who reported it. */
  readonly source: string;
  readonly attributes: Attributes;
}

/** `activity` of a condition. What attributes its type has is checked when a rule is published. */
export class ActivityValue {
  constructor(private readonly activity: ActivityFacts) {}

  get type(): string {
    return this.activity.type;
  }
  get source(): string {
    return this.activity.source;
  }

  text(name: string): string {
    return textOf(this.activity.attributes, name);
  }

  /** @throws MissingValueError where the attribute is absent. */
  number(name: string): DecimalValue {
    const value = numberOf(this.activity.attributes, name);
    if (!value) throw new MissingValueError(`activity.number("${name}")`);
    return value;
  }

  flag(name: string): boolean {
    return flagOf(this.activity.attributes, name);
  }

  /** YYYY-MM-DD; compares as text. @throws MissingValueError where the attribute is absent. */
  date(name: string): string {
    const value = textOf(this.activity.attributes, name);
    if (value === '') throw new MissingValueError(`activity.date("${name}")`);
    return value;
  }
}
