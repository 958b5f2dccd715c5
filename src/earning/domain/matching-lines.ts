import type { LineRevenue, PurchaseLine } from '../../kernel/domain-events.js';
import { lineRevenue } from '../../kernel/points-paid.js';
import { wordForm } from '../../kernel/texts.js';
import type { LineFilter } from './earning-rule.js';

/** The lines that a filter takes; its condition aside. */
export function matchingLines(filter: LineFilter, lines: readonly PurchaseLine[]): readonly PurchaseLine[] {
  const { includeCategories, excludeCategories, revenue = NO_KINDS } = filter;
  if (includeCategories.length + excludeCategories.length + revenue.length === 0 && lines.every(isRevenue))
    return lines;
  return lines.some((line) => matchesLine(filter, line))
    ? lines.filter((line) => matchesLine(filter, line))
    : NO_LINES;
}

const NO_LINES: readonly PurchaseLine[] = [];
const NO_KINDS: readonly LineRevenue[] = [];

function isRevenue(line: PurchaseLine): boolean {
  return line.revenue !== 'none';
}

/** What a list of categories names, by list: a published rule never changes. */
const NAMES = new WeakMap<readonly string[], ReadonlySet<string>>();

function namesOf(categories: readonly string[]): ReadonlySet<string> {
  const known = NAMES.get(categories);
  if (known) return known;
  const made = new Set(categories.map(wordForm));
  NAMES.set(categories, made);
  return made;
}

function matchesLine(filter: LineFilter, line: PurchaseLine): boolean {
  const { includeCategories, excludeCategories, revenue: kinds } = filter;
  const category = line.category === null ? null : wordForm(line.category);
  if (category !== null && namesOf(excludeCategories).has(category)) return false;
  const named = category !== null && namesOf(includeCategories).has(category);
  if (!named && includeCategories.length > 0) return false;
  const revenue = lineRevenue(line);
  if (kinds !== undefined && kinds.length > 0) return kinds.includes(revenue);
  return named || revenue !== 'none';
}
