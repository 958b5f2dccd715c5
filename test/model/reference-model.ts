/**
 * What happens to points, told once more in the plainest way, command by command. The properties beside it hold the
 * engine to it.
 */
import { ReferenceBooks } from './reference-books.js';
import { RULES } from './rules.js';
import type { Account, Grant, Line, Lot, Member, Purchase, Redemption } from './vocabulary.js';
import { endOfDay, halfUp, in_, money, move, present, share, sum, WAITING } from './vocabulary.js';

export class ReferenceModel extends ReferenceBooks {
  enrol(): Member {
    const home = this.open();
    const counted = { spend: 0, points: 0, visits: 0, limited: 0 };
    const no = this.members.length;
    return this.keep(this.members, { no, account: home, home, counted, closedAt: null, mergedInto: null });
  }

  buy(member: Member, lines: readonly Line[], at: number, used: readonly Redemption[]): Purchase {
    const now = this.decide(member.account);
    for (const redemption of used) {
      if (redemption.status === 'authorised') this.endHold(redemption, this.pointsOf(redemption), now);
      redemption.used = true;
    }
    // A closed membership takes nothing in: the receipt is on record, and that is all.
    const counts = member.closedAt === null;
    const asked = Object.entries(counts ? RULES : {}).flatMap(([name, rule]) => {
      const isMeant = ({ category }: Line) => rule.category === null || rule.category === category;
      const weights = lines.map((line) => (isMeant(line) ? line.amountMinor : 0));
      const steps = rule.stepMinor === null ? 0 : Math.floor(sum(weights) / rule.stepMinor);
      const earned =
        rule.stepMinor === null ? (sum(weights) >= (rule.minimumMinor ?? 0) ? rule.points : 0) : steps;
      const points = Math.min(earned, name === 'later' ? rule.limit - member.counted.limited : Infinity);
      return points > 0 ? [{ rule: name as keyof typeof RULES, weights, points }] : [];
    });
    const grants = asked.map(({ rule, points, weights }): Grant => {
      const shares = share(points, weights);
      return { rule, points, shares, buyer: member, taken: 0, gone: 0, lapsed: false };
    });
    const parts = this.apartFromDebt(
      member.account,
      grants.map((grant) => {
        const { days, pendingDays, cancelAfterDays } = RULES[grant.rule];
        const usableAt = pendingDays === null ? at : endOfDay(at, pendingDays);
        const until = cancelAfterDays === null ? null : endOfDay(at, cancelAfterDays);
        const place = until !== null ? 'undelivered' : usableAt > now ? 'pending' : 'available';
        const terms = { days, usableAt, end: endOfDay(usableAt, days), until };
        return { place, size: grant.points, grant, ...terms };
      }),
    );
    const paid = parts.map(({ place, size }) => (place !== 'settled' ? size : 0));
    const [price, worth] = [BigInt(money(lines)) * 10_000n, BigInt(sum(paid)) * 900_000n];
    // What a point took off the lines before they came, the goods still sell for.
    const off = sum(
      used.filter(({ reward }) => !reward).map((redemption) => this.usedPoints(redemption) * 100),
    );
    const goods = price + BigInt(off) * 10_000n;
    const costs = share(Number(halfUp(price * worth, goods + worth)), paid);
    for (const grant of grants) this.uncount(grant, -grant.points);
    const lots = parts.map(({ place, ...part }, index) => {
      const source = { earner: member, earnedAt: at, cost: BigInt(costs[index] ?? 0), parent: null };
      return this.put(member.account, place, { ...part, ...source });
    });
    this.arrive(member.account, now);
    if (counts) {
      member.counted.spend += money(lines);
      member.counted.visits += 1;
    }
    const back = lines.map(() => 0);
    return this.keep(this.purchases, { id: '', at, member, lines, back, grants, lots, used, counts });
  }

  pointsOf = ({ parts }: Redemption) => sum(parts.map(({ points }) => points));

  redeem(member: Member, points: number, holdSeconds: number | null, reward = false): Redemption {
    const { account } = member;
    const now = this.decide(account);
    const parts = this.take(account, points, holdSeconds === null ? 'redeemed' : 'held');
    if (reward) this.stock -= 1;
    return this.keep(this.redemptions, {
      ...{ id: '', member, account, reward, used: false, backByReturn: 0 },
      status: holdSeconds === null ? 'captured' : 'authorised',
      parts: parts.map((part) => ({ ...part, back: 0 })),
      until: now + (holdSeconds ?? Infinity) * 1000,
    });
  }

  extendHold(hold: Redemption, seconds: number): void {
    hold.until = Math.max(hold.until, this.decide(hold.account) + seconds * 1000);
  }

  settleHold(hold: Redemption, keep: number): void {
    this.endHold(hold, keep, this.decide(hold.account));
  }

  usedPoints({ parts, status }: Redemption): number {
    return status === 'captured' ? sum(parts.map(({ points, back }) => points - back)) : 0;
  }

  /** Points of an account without members follow their member. */
  reverse(redemption: Redemption, points: number): void {
    const { account } = redemption;
    const member = present(redemption.member);
    const now = this.decide(account, member.account);
    this.giveBack(redemption, points, now);
    if (this.present().some((other) => other.account === account)) return;
    const followed = this.hand(member.account, 'available', this.plan(account, Infinity), now);
    if (member.account === member.home) for (const lot of followed) lot.earner = member;
  }

  /** Used points go back to their lots, those taken last first. */
  private giveBack(redemption: Redemption, points: number, now: number): void {
    let left = points;
    for (const part of [...redemption.parts].reverse()) {
      const back = Math.min(left, part.points - part.back);
      left -= back;
      part.back += back;
      move(part.lot, 'redeemed', 'available', back);
    }
    if (points > 0 && this.usedPoints(redemption) === 0) {
      redemption.status = 'reversed';
      if (redemption.reward) this.stock += 1;
    }
    this.arrive(redemption.account, now);
  }

  /**
   * Goods come back, so much money of each line, and the rewards that are named: used points come back first, then
   * the lines' points go.
   */
  bringBack(purchase: Purchase, amounts: readonly number[], named: readonly Redemption[] = []): void {
    const { member: buyer, lines, back, grants, used } = purchase;
    const member = present(buyer);
    const abandoned = this.waitingElsewhere(purchase, member.account);
    const now = this.decide(member.account, ...(abandoned ? [abandoned] : []));
    for (const [index, amount] of amounts.entries()) back[index] = (back[index] ?? 0) + amount;
    for (const redemption of used.filter(({ account }) => account === member.account)) {
      const share =
        Math.floor((this.pointsOf(redemption) * sum(back)) / money(lines)) - redemption.backByReturn;
      // A reward is a thing: it comes back when the till says so, and whole.
      const due = redemption.reward ? (named.includes(redemption) ? Infinity : 0) : share;
      const points = Math.min(due, this.usedPoints(redemption));
      redemption.backByReturn += points;
      this.giveBack(redemption, points, now);
    }
    const left = lines.map((line, index) => ({
      ...line,
      amountMinor: line.amountMinor - (back[index] ?? 0),
    }));
    for (const grant of grants) {
      const { category, minimumMinor } = RULES[grant.rule];
      const kept = money(left.filter((line) => line.category === category)) >= (minimumMinor ?? Infinity);
      const parts = grant.shares.map((points, index) =>
        Math.floor((points * (back[index] ?? 0)) / (lines[index]?.amountMinor ?? 1)),
      );
      const all = minimumMinor === null ? sum(parts) : kept ? 0 : grant.points;
      const { spent, gone } = this.claim(member, grant, all - grant.taken, abandoned);
      // What lapsed while it waited had stopped counting then.
      this.uncount(grant, all - grant.taken - (grant.lapsed ? gone : 0));
      this.owe(member.account, spent, now);
      grant.taken = all;
    }
    if (purchase.counts) {
      member.counted.spend -= sum(amounts);
      if (money(left) === 0) member.counted.visits -= 1;
    }
    this.arrive(member.account, now);
  }

  /** Takes a grant's own points back: those that ended are gone, the rest was spent. */
  private claim(
    member: Member,
    grant: Grant,
    points: number,
    elsewhere: Account | undefined,
  ): { spent: number; gone: number } {
    const { account } = member;
    let left = points;
    const of = (some: Account | undefined) =>
      (some?.lots ?? []).filter((lot) => lot.grant === grant).sort((a, b) => (a.id < b.id ? -1 : 1));
    const own = of(account);
    for (const place of [...WAITING, 'available', 'settled'])
      // Of an account that the buyer has left only what still waits is the receipt's.
      for (const lot of WAITING.includes(place) ? [...of(elsewhere), ...own] : own) {
        const part = Math.min(left, in_(lot, place));
        if (place === 'settled') this.owe(account, part, account.recordedUntil);
        move(lot, place, 'returned', part);
        left -= part;
      }
    const ended = this.lots().filter(
      (lot) => lot.grant === grant && (present(lot.earner) === member || account.lots.includes(lot)),
    );
    const gone = Math.min(left, sum(ended.map((lot) => in_(lot, 'expired', 'cancelled'))) - grant.gone);
    grant.gone += gone;
    return { spent: left - gone, gone };
  }

  /** The account, not the buyer's present one, in which points of a receipt wait; such as a household that was left. */
  private waitingElsewhere(purchase: Purchase, own: Account): Account | undefined {
    const waiting = this.waitingOf(purchase);
    return this.accounts.find(
      (account) => account !== own && account.lots.some((lot) => waiting.includes(lot)),
    );
  }

  waitingOf = ({ grants }: Purchase) =>
    this.lots().filter((lot) => lot.grant && grants.includes(lot.grant) && in_(lot, ...WAITING) > 0);

  /** The points wait where they are, on any account. */
  private decideEvent(purchase: Purchase, lots: readonly Lot[]): void {
    const holders = this.accounts.filter((account) => account.lots.some((lot) => lots.includes(lot)));
    if (holders.length > 0) this.decide(present(purchase.member).account, ...holders);
  }

  deliver(purchase: Purchase): void {
    const lots = this.waitingOf(purchase).filter(({ until }) => until !== null);
    this.decideEvent(purchase, lots);
    for (const lot of lots) {
      move(lot, 'undelivered', 'pending');
      lot.usableAt = endOfDay(this.now, RULES.order.thenDays);
      Object.assign(lot, { until: null, end: endOfDay(lot.usableAt, lot.days) });
    }
  }

  cancelOrder(purchase: Purchase): void {
    const lots = this.waitingOf(purchase);
    this.decideEvent(purchase, lots);
    for (const lot of lots) this.cancel(lot);
  }

  /** Points given, at what they are worth or at no cost, or taken away. */
  adjust(member: Member, points: number, worth: boolean): Lot[] {
    const now = this.decide(member.account);
    if (points < 0) this.take(member.account, -points, 'cancelled');
    if (points < 0) return [];
    const terms = { days: 30, usableAt: now, end: endOfDay(now, 30), until: null };
    const source = { earner: member, earnedAt: now, grant: null, parent: null };
    const parts = this.apartFromDebt(member.account, [
      { place: 'available', size: points, ...terms, ...source },
    ]);
    const lots = parts.map(({ place, ...part }) => {
      const cost = worth && place === 'available' ? BigInt(part.size) * 900_000n : 0n;
      return this.put(member.account, place, { ...part, cost });
    });
    this.arrive(member.account, now);
    return lots;
  }

  extendLot(account: Account, lot: Lot, end: number): void {
    this.decide(account);
    lot.end = end;
  }

  transfer(from: Member, to: Member, points: number): void {
    const now = this.decide(from.account, to.account);
    const sent = this.hand(to.account, 'available', this.plan(from.account, points), now);
    for (const lot of sent) lot.earner = to;
  }

  /** All that a member has, and owes, goes on in a household. */
  join(member: Member, household: Account): void {
    const { account } = member;
    const now = this.decide(account, household);
    member.account = household;
    // The membership is open, so nothing is forfeited there any more.
    household.forfeitsAt = null;
    this.handAll(household, account.lots, now);
    this.handDebt(account, household, now);
  }

  /**
   * A member goes back to their own account, with what they earned, or so many of the usable points; the last one
   * with everything.
   */
  leave(member: Member, part: 'everything' | 'own' | number): void {
    const { account: household, home } = member;
    const now = this.decide(household, home);
    const own = household.lots.filter((lot) => part === 'everything' || present(lot.earner) === member);
    const taken =
      typeof part === 'number'
        ? this.hand(home, 'available', this.plan(household, part), now)
        : this.handAll(home, own, now);
    for (const lot of taken) lot.earner = member;
    if (part === 'everything') this.handDebt(household, home, now);
    member.account = home;
    if (member.closedAt === null) this.abandon(household, now);
  }

  /** Two turn out to be one: what the duplicate has, owes and did is the survivor's. */
  merge(survivor: Member, duplicate: Member): void {
    const [from, to] = [duplicate.account, survivor.account];
    const now = this.decide(from, to);
    if (from !== to) {
      for (const lot of this.handAll(to, from.lots, now)) lot.earner = survivor;
      this.handDebt(from, to, now);
    }
    for (const what of ['spend', 'points', 'visits', 'limited'] as const)
      survivor.counted[what] += duplicate.counted[what];
    duplicate.mergedInto = survivor;
  }

  /** A membership ends, once. @returns how many points are gone at once. */
  close(member: Member): number {
    const { account } = member;
    const now = this.decide(account);
    if (member.closedAt !== null) return 0;
    member.closedAt = now;
    return this.abandon(account, now);
  }
}
