import type { LeapDay } from '../../kernel/anniversary.js';
import type { CalendarWindow } from '../../kernel/window.js';
import type { Grace, Ladder, MeasureName, Requirement, RequirementWindow, Validity } from './ladder.js';

/** A measure over a window, as it is published. */
export interface PublishedMeasure {
  readonly measure: MeasureName;
  readonly window: RequirementWindow;
  readonly value: number;
}

/** A requirement as it is published. */
export type PublishedRequirement =
  | ({ readonly type: 'measure' } & PublishedMeasure)
  | { readonly type: 'all' | 'any'; readonly of: readonly PublishedMeasure[] }
  | { readonly type: 'atLeast'; readonly count: number; readonly of: readonly PublishedMeasure[] };

/** A validity as it is published. */
export type PublishedValidity =
  | { readonly type: 'forever' | 'whileQualified' }
  | {
      readonly type: 'endOfPeriod' | 'endOfNextPeriod';
      readonly period: CalendarWindow;
      readonly days?: number;
    }
  | { readonly type: 'months'; readonly months: number; readonly toEndOfMonth?: boolean }
  | { readonly type: 'anniversary'; readonly leastMonths?: number; readonly leapDay?: LeapDay };

export interface PublishedGrace {
  readonly from?: Grace['from'];
  readonly months?: number;
  readonly days?: number;
  readonly toEndOfMonth?: boolean;
}

export type PublishedPromotion =
  { readonly type: 'atOnce' } | { readonly type: 'nextPeriod'; readonly period: CalendarWindow };

export function requirementOf(published: PublishedRequirement): Requirement {
  switch (published.type) {
    case 'measure':
      return leafOf(published);
    case 'atLeast':
      return { atLeast: published.count, of: published.of.map(leafOf) };
    case 'all':
      return { all: published.of.map(leafOf) };
    case 'any':
      return { any: published.of.map(leafOf) };
  }
}

function leafOf({ measure, window, value }: PublishedMeasure) {
  return { measure, window, atLeast: value };
}

export function validityOf(published: PublishedValidity): Validity {
  switch (published.type) {
    case 'forever':
    case 'whileQualified':
      return { type: published.type };
    case 'endOfPeriod':
    case 'endOfNextPeriod': {
      const { type, period, days = 0 } = published;
      return { type: 'endOfPeriod', period, periods: type === 'endOfPeriod' ? 0 : 1, days };
    }
    case 'months':
      return { toEndOfMonth: false, ...published };
    case 'anniversary':
      return { leastMonths: 0, ...published };
  }
}

export function graceOf({
  from = 'disqualification',
  months = 0,
  days = 0,
  toEndOfMonth = false,
}: PublishedGrace): Grace {
  return { from, months, days, toEndOfMonth };
}

export function promotionOf(published: PublishedPromotion): Ladder['promotion'] {
  return published.type === 'atOnce' ? 'atOnce' : published.period;
}
