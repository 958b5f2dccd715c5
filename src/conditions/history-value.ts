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
    const [, method, argument] = METHOD.exec(key) ?? [];
    if (method === undefined) return undefined;
    const text = JSON.parse(argument as string) as string;
    const window = windowOfText(text);
    return window ? String(over(text, window)[METHODS[method as keyof typeof METHODS]]) : undefined;
  };
}
