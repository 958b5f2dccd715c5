import type { Window } from '../kernel/window.js';
import type { MemberSource, StoredValue, ValueKey } from './member-value.js';
import { MissingValueError } from './missing-value.js';
import { windowOfText } from './window-text.js';

/** What happened in a window before the moment of a condition. */
export interface HistorySums {
  readonly purchases: number;
  readonly visits: number;
  readonly spendMinor: number;
}

/** What conditions may know of what a member did before. */
export interface HistoryFacts {
  /** Asked for windows only that the condition names. */
  over(window: Window): HistorySums;
  /** Activities of a type, in so many days that end with the moment's; null: ever. */
  activities(type: string, days: number | null): number;
  /** Whole days since the last business day with an activity of a type; null without one. */
  daysSinceActivity(type: string): number | null;
  /** Whole days since the last business day with a purchase; null without one. */
  daysSinceLastVisit(): number | null;
}

const METHODS = { purchases: 'purchases', visits: 'visits', spend: 'spendMinor' } as const;
const METHOD = /^history\.(purchases|visits|spend)\((.*)\)$/s;

/** `history` of a condition: read live, or from what an earlier decision stored. */
export class HistoryValue {
  constructor(private readonly source: MemberSource) {}

  get isFirstPurchase(): boolean {
    return this.required('history.isFirstPurchase') as boolean;
  }
  get daysSinceLastVisit(): bigint {
    return BigInt(this.required('history.daysSinceLastVisit'));
  }

  purchases(window: string): bigint {
    return BigInt(this.required(keyOf('purchases', window)));
  }

  visits(window: string): bigint {
    return BigInt(this.required(keyOf('visits', window)));
  }

  spend(window: string): bigint {
    return BigInt(this.required(keyOf('spend', window)));
  }

  activities(asked: string): bigint {
    return BigInt(this.required(keyOf('activities', asked)));
  }

  daysSinceActivity(type: string): bigint {
    return BigInt(this.required(keyOf('daysSinceActivity', type)));
  }

  /** @throws MissingValueError where the value is not known. */
  private required(key: ValueKey): string | boolean {
    const value = this.source(key);
    if (value === undefined || value === null) throw new MissingValueError(key);
    return value;
  }
}

function keyOf(method: string, window: string): ValueKey {
  return `history.${method}(${JSON.stringify(window)})`;
}

/** The window that a key asks for; null for a value without one. */
export function windowOfKey(key: ValueKey): Window | null {
  const [, , argument] = METHOD.exec(key) ?? [];
  return argument === undefined ? null : windowOfText(JSON.parse(argument) as string);
}

const ACTIVITY = /^history\.(activities|daysSinceActivity)\((.*)\)$/s;
const WITHIN = /^(.+) within (\d{1,4}) days$/s;

/** The activities that a key asks for; null for a value of something else. */
export function activityOfKey(key: ValueKey): { readonly type: string; readonly days: number | null } | null {
  const [, method, argument] = ACTIVITY.exec(key) ?? [];
  if (argument === undefined) return null;
  const text = JSON.parse(argument) as string;
  const [, type, days] = (method === 'activities' && WITHIN.exec(text)) || [];
  return type === undefined ? { type: text, days: null } : { type, days: Number(days) };
}

/** The values of a member's history as they are before a moment; each window is counted once. */
export function liveHistory(facts: HistoryFacts): MemberSource {
  const known = new Map<string, HistorySums>();
  const over = (text: string, window: Window): HistorySums => {
    const found = known.get(text);
    if (found) return found;
    const made = facts.over(window);
    known.set(text, made);
    return made;
  };
  return (key): StoredValue | undefined => {
    if (key === 'history.isFirstPurchase') return facts.daysSinceLastVisit() === null;
    if (key === 'history.daysSinceLastVisit') return facts.daysSinceLastVisit()?.toString() ?? null;
    const activity = activityOfKey(key);
    if (activity && key.startsWith('history.activities('))
      return String(facts.activities(activity.type, activity.days));
    if (activity) return facts.daysSinceActivity(activity.type)?.toString() ?? null;
    const [, method, argument] = METHOD.exec(key) ?? [];
    if (method === undefined) return undefined;
    const text = JSON.parse(argument as string) as string;
    const window = windowOfText(text);
    return window ? String(over(text, window)[METHODS[method as keyof typeof METHODS]]) : undefined;
  };
}
