import type { Wording } from '../../kernel/wording.js';

/** What an attribute of an activity may be. */
export const ATTRIBUTE_TYPES = ['text', 'whole', 'decimal', 'boolean', 'date', 'oneOf'] as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];

/** What an attribute of an activity must be. */
export interface AttributeSchema {
  readonly name: string;
  readonly type: AttributeType;
  readonly required: boolean;
  /** Of a text: the most characters. */
  readonly maxLength: number | null;
  /** Of numbers, as decimal strings, both inclusive; a whole number's have no decimals. */
  readonly minimum: string | null;
  readonly maximum: string | null;
  /** Of `oneOf`; else null. */
  readonly values: readonly string[] | null;
}

/** Scopes of which a key must have one to report an activity. */
export const REPORTERS = ['pos', 'admin', 'activities'] as const;
export type Reporter = (typeof REPORTERS)[number];

/** A published kind of activity that members may be reported to have done. */
export interface ActivityType {
  readonly names: Wording;
  /** Attributes that are not here are refused. */
  readonly attributes: readonly AttributeSchema[];
  readonly reportedBy: readonly Reporter[];
  /** How many local days before the day of the report it may be dated; null: no bound. */
  readonly daysBack: number | null;
  /** How many seconds ahead of the server's clock it may be dated. */
  readonly secondsAhead: number;
  /** Whether it moves the end of points that slide, as a receipt does, even where it earns nothing. */
  readonly extendsExpiry: boolean;
  /** A retired type takes no new activities; those that were reported stay. */
  readonly retired: boolean;
}
