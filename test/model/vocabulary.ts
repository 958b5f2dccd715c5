/** The words of the reference model: what there is, and where the points of a lot are. */
import type { RULES } from './rules.js';

export type Line = { readonly lineNo: number; readonly category: string; readonly amountMinor: number };
/** What is recorded of an account never goes back, though a clock may. */
export type Account = { debt: number; debts: Owed[]; lots: Lot[]; recordedUntil: number } & Grace;
/** By how much a debt grew, or shrank, and when. */
type Owed = { readonly at: number; readonly points: number };
/** When the points are forfeited that closed memberships left behind, while they are kept. */
type Grace = { forfeitsAt: number | null };
export type Counted = { spend: number; points: number; visits: number; limited: number };
type Places = { account: Account; home: Account };
/** One who turned out to be another is that one from then on. */
type Fate = { closedAt: number | null; mergedInto: Member | null };
export type Member = Places & Fate & { no: number; counted: Counted };
export type Part = { readonly lot: Lot; readonly points: number };
/** One rule's points of a receipt, by line; how many a return took back, of which so many had ended before. */
type Back = { taken: number; gone: number; lapsed: boolean };
export type Grant = Back & { buyer: Member; rule: keyof typeof RULES; points: number; shares: number[] };
/** Points live `days` days once they are usable; points that wait for the goods lapse at `until`. */
type Terms = { days: number; usableAt: number; end: number; until: number | null };
type Source = { earner: Member; earnedAt: number; size: number; cost: bigint; grant: Grant | null };
export type Lot = Terms & Source & { id: string; parent: Lot | null; at: Record<string, number> };
/** `counts`: for the buyer's measures. */
type Basket = { lines: readonly Line[]; back: number[]; used: readonly Redemption[]; counts: boolean };
export type Purchase = Basket & { id: string; at: number; member: Member; grants: Grant[]; lots: Lot[] };
type Status = 'authorised' | 'captured' | 'voided' | 'reversed';
type Use = { parts: (Part & { back: number })[]; until: number; used: boolean; backByReturn: number };
type Who = { member: Member; account: Account };
export type Redemption = Use & Who & { id: string; reward: boolean; status: Status };

const DAY = 86_400_000;
export const WAITING = ['undelivered', 'pending'];
const LIVE = ['pending', 'available', 'held'];

export const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
export const endOfDay = (at: number, days: number) => (Math.floor(at / DAY) + days + 1) * DAY;
export const halfUp = (n: bigint, d: bigint) => (2n * n + d) / (2n * d);
export const money = (lines: readonly Line[]) => sum(lines.map(({ amountMinor }) => amountMinor));
/** A lot's points in some places. */
export const in_ = ({ at }: Lot, ...places: readonly string[]) => sum(places.map((place) => at[place] ?? 0));

/** The least that an account owed at any time since just before an instant. */
export function leastOwedSince({ debts }: Account, at: number): number {
  const inOrder = [...debts].sort((a, b) => a.at - b.at);
  let owed = sum(inOrder.filter((change) => change.at < at).map(({ points }) => points));
  let least = owed;
  for (const { points } of inOrder.filter((change) => change.at >= at)) {
    owed += points;
    least = Math.min(least, owed);
  }
  return Math.max(0, least);
}

/** Shares of a whole by weight: rounded down, what is left over to the largest remainders, first come first. */
export function share(whole: number, weights: readonly number[]): number[] {
  const all = sum(weights) || 1;
  const order = weights.map((weight, index) => ({ index, rest: (whole * weight) % all }));
  order.sort((a, b) => b.rest - a.rest || a.index - b.index);
  const parts = weights.map((weight) => Math.floor((whole * weight) / all));
  const luckier = new Set(order.slice(0, whole - sum(parts)).map(({ index }) => index));
  return parts.map((part, index) => part + (luckier.has(index) ? 1 : 0));
}

/** Who a member is by now. */
export function present(member: Member): Member {
  return member.mergedInto === null ? member : present(member.mergedInto);
}

/** Without a number, all there are. */
export function move(lot: Lot, from: string, to: string, points = in_(lot, from)): void {
  if (in_(lot, from) < points) throw new Error(`the model moves ${points} of ${in_(lot, from)} ${from}`);
  lot.at = { ...lot.at, [from]: in_(lot, from) - points, [to]: in_(lot, to) + (from === to ? 0 : points) };
}

/** What a lot still carries of its cost: what is not owed has gone. */
export function carried(lot: Lot, owed = LIVE): bigint {
  return lot.cost - halfUp(lot.cost * BigInt(lot.size - in_(lot, ...owed)), BigInt(lot.size));
}
