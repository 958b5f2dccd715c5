import type { MemberId, PurchaseId } from '../../kernel/ids.js';
import type { Points } from '../../kernel/points.js';
import type { LocalDate } from '../../kernel/time.js';
import { distributionOf, type Distribution } from './distribution.js';
import {
  NO_FIGURES,
  sumOf,
  type Figures,
  type SimulatedMember,
  type SimulatedReceipt,
  type SimulatedSide,
} from './figures.js';
import { MAX_EXAMPLES } from './limits.js';

/** The same figure under what was published and under the drafts. */
export interface Pair<T> {
  readonly published: T;
  readonly drafts: T;
}

export interface RuleFigures extends Figures {
  /** Receipts on which the rule gave points. */
  readonly receipts: number;
}

/** A member who gains or loses much, with the receipt that differs most. */
export interface Example<E> {
  readonly memberId: MemberId;
  readonly points: Pair<Points>;
  readonly receipt: Pair<SimulatedReceipt<E>>;
}

/** A receipt whose replay under what was published differs from what it really earned. */
export interface Deviation {
  readonly purchaseId: PurchaseId;
  readonly memberId: MemberId;
  readonly replayed: Points;
  readonly really: Points;
}

/** What a simulation found. */
export interface Tallied<E> {
  readonly members: number;
  readonly receipts: number;
  readonly receiptsDiffering: number;
  readonly returns: number;
  readonly refusals: readonly (readonly [code: string, count: Pair<number>])[];
  readonly totals: Pair<Figures>;
  readonly byRule: readonly (readonly [ruleId: string, figures: Pair<RuleFigures>])[];
  readonly byDay: readonly (readonly [day: LocalDate, points: Pair<Points>])[];
  readonly tiers: readonly (Pair<string | null> & { readonly members: number })[];
  readonly winners: { readonly members: number; readonly points: Points };
  readonly losers: { readonly members: number; readonly points: Points };
  readonly distribution: Distribution | null;
  readonly examples: { readonly winners: readonly Example<E>[]; readonly losers: readonly Example<E>[] };
  readonly really: {
    readonly points: Points;
    readonly receiptsDiffering: number;
    readonly deviations: readonly Deviation[];
  };
}

const NO_RULE_FIGURES: RuleFigures = { ...NO_FIGURES, receipts: 0 };
const SIDES = ['published', 'drafts'] as const;

/** Adds members up, one after the other. What it keeps of a member are a number and, of few, an example. */
export class Tally<E> {
  private receipts = 0;
  private receiptsDiffering = 0;
  private returns = 0;
  private readonly refusals = new Map<string, Pair<number>>();
  private totals: Pair<Figures> = { published: NO_FIGURES, drafts: NO_FIGURES };
  private readonly byRule = new Map<string, Pair<RuleFigures>>();
  private readonly byDay = new Map<LocalDate, Pair<Points>>();
  private readonly tiers = new Map<string, Pair<string | null> & { members: number }>();
  private readonly differences: Points[] = [];
  private winners: readonly Example<E>[] = [];
  private losers: readonly Example<E>[] = [];
  private reallyPoints = 0;
  private deviating = 0;
  private readonly deviations: Deviation[] = [];

  add(member: SimulatedMember<E>): void {
    const { published, drafts } = member;
    this.receipts += published.receipts.length;
    this.returns += published.returns;
    for (const side of SIDES) this.addSide(side, member[side]);
    this.addTier({ published: published.tier, drafts: drafts.tier });
    this.compare(member);
    this.compareWithReality(member);
  }

  result(): Tallied<E> {
    const gains = this.differences.filter((difference) => difference > 0);
    const losses = this.differences.filter((difference) => difference < 0);
    const sum = (values: readonly Points[]) => values.reduce((total, value) => total + value, 0);
    return {
      members: this.differences.length,
      receipts: this.receipts,
      receiptsDiffering: this.receiptsDiffering,
      returns: this.returns,
      refusals: inOrder(this.refusals),
      totals: this.totals,
      byRule: inOrder(this.byRule),
      byDay: inOrder(this.byDay),
      tiers: inOrder(this.tiers).map(([, moved]) => moved),
      winners: { members: gains.length, points: sum(gains) },
      losers: { members: losses.length, points: sum(losses) },
      distribution: distributionOf(this.differences),
      examples: { winners: this.winners, losers: this.losers },
      really: {
        points: this.reallyPoints,
        receiptsDiffering: this.deviating,
        deviations: this.deviations,
      },
    };
  }

  private addSide(side: (typeof SIDES)[number], { receipts, refusals }: SimulatedSide<E>): void {
    for (const { businessDate, byRule, points } of receipts) {
      const day = this.byDay.get(businessDate) ?? { published: 0, drafts: 0 };
      this.byDay.set(businessDate, { ...day, [side]: day[side] + points });
      for (const [ruleId, figures] of byRule) {
        const rule = this.byRule.get(ruleId) ?? { published: NO_RULE_FIGURES, drafts: NO_RULE_FIGURES };
        const receiptsOf = rule[side].receipts + 1;
        this.byRule.set(ruleId, {
          ...rule,
          [side]: { ...sumOf(rule[side], figures), receipts: receiptsOf },
        });
        this.totals = { ...this.totals, [side]: sumOf(this.totals[side], figures) };
      }
    }
    for (const code of refusals) {
      const count = this.refusals.get(code) ?? { published: 0, drafts: 0 };
      this.refusals.set(code, { ...count, [side]: count[side] + 1 });
    }
  }

  private addTier(pair: Pair<string | null>): void {
    const name = JSON.stringify([pair.published, pair.drafts]);
    const known = this.tiers.get(name);
    this.tiers.set(name, { ...pair, members: (known?.members ?? 0) + 1 });
  }

  private compare({ memberId, published, drafts }: SimulatedMember<E>): void {
    const points = { published: pointsOf(published), drafts: pointsOf(drafts) };
    this.differences.push(points.drafts - points.published);
    const pairs = published.receipts.map((receipt, index) => ({
      published: receipt,
      drafts: drafts.receipts[index] as SimulatedReceipt<E>,
    }));
    const differing = pairs.filter((pair) => differenceOf(pair) !== 0);
    this.receiptsDiffering += differing.length;
    const [first, ...rest] = differing;
    if (!first || points.drafts === points.published) return;
    const most = rest.reduce(
      (best, pair) => (Math.abs(differenceOf(pair)) > Math.abs(differenceOf(best)) ? pair : best),
      first,
    );
    const example = { memberId, points, receipt: most };
    if (points.drafts > points.published) this.winners = withExample(this.winners, example);
    else this.losers = withExample(this.losers, example);
  }

  private compareWithReality({ memberId, published, really }: SimulatedMember<E>): void {
    for (const { purchaseId, points } of published.receipts) {
      const earned = really.get(purchaseId) ?? 0;
      this.reallyPoints += earned;
      if (earned === points) continue;
      this.deviating += 1;
      if (this.deviations.length < MAX_EXAMPLES)
        this.deviations.push({ purchaseId, memberId, replayed: points, really: earned });
    }
  }
}

function pointsOf<E>({ receipts }: SimulatedSide<E>): Points {
  return receipts.reduce((sum, { points }) => sum + points, 0);
}

function differenceOf<E>({ published, drafts }: Pair<SimulatedReceipt<E>>): Points {
  return drafts.points - published.points;
}

/** The largest differences first; of equal ones the member who came first. */
function withExample<E>(known: readonly Example<E>[], example: Example<E>): readonly Example<E>[] {
  const size = ({ points }: Example<E>) => Math.abs(points.drafts - points.published);
  return [...known, example].sort((a, b) => size(b) - size(a)).slice(0, MAX_EXAMPLES);
}

function inOrder<K extends string, V>(map: ReadonlyMap<K, V>): readonly (readonly [K, V])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
