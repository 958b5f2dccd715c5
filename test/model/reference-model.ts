/**
 * What happens to points, told once more in the plainest way: no code shared with the engine, everything in
 * memory, days of UTC. The properties beside it hold the engine to it.
 */
import { RULES } from './rules.js';
import type { Account, Grant, Line, Lot, Member, Part, Purchase, Redemption } from './vocabulary.js';
import { carried, endOfDay, halfUp, in_, money, move, present, share, sum, WAITING } from './vocabulary.js';

export class ReferenceModel {
  readonly members: Member[] = [];
  readonly accounts: Account[] = [];
  readonly redemptions: Redemption[] = [];
  readonly purchases: Purchase[] = [];

  constructor(
    public now: number,
    public stock: number,
  ) {}

  enrol(): Member {
    const home = this.open();
    const counted = { spend: 0, points: 0, visits: 0, limited: 0 };
    const no = this.members.length;
    return this.keep(this.members, { no, account: home, home, counted, mergedInto: null });
  }

  open = (): Account => this.keep(this.accounts, { debt: 0, lots: [], recordedUntil: 0 });

  /** Those who did not turn out to be another. */
  present = (): Member[] => this.members.filter(({ mergedInto }) => mergedInto === null);

  /** When a command on these accounts is decided: now, and never before what is on record of them. */
  private decide(...accounts: readonly Account[]): number {
    const at = Math.max(this.now, ...accounts.map(({ recordedUntil }) => recordedUntil));
    for (const account of accounts) account.recordedUntil = at;
    return at;
  }

  private keep<T>(list: T[], item: T): T {
    list.push(item);
    return item;
  }

  balance({ lots, debt }: Account) {
    const all = (...places: string[]) => sum(lots.map((lot) => in_(lot, ...places)));
    return { available: all('available'), pending: all(...WAITING), held: all('held'), debt };
  }

  /** Which usable points go first: those that end first, then those earned first. */
  private plan(account: Account, points: number): Part[] {
    const usable = account.lots.filter((lot) => in_(lot, 'available') > 0);
    usable.sort((a, b) => a.end - b.end || a.earnedAt - b.earnedAt || (a.id < b.id ? -1 : 1));
    let left = points;
    return usable.flatMap((lot) => {
      const part = Math.min(left, in_(lot, 'available'));
      left -= part;
      return part > 0 ? [{ lot, points: part }] : [];
    });
  }

  private take(account: Account, points: number, to: string): Part[] {
    const parts = this.plan(account, points);
    for (const part of parts) move(part.lot, 'available', to, part.points);
    return parts;
  }

  /** What became usable is gone if its time is over; else it fills a debt first. */
  private arrive(account: Account, at: number): void {
    for (const lot of account.lots) if (lot.end <= at) move(lot, 'available', 'expired');
    account.debt -= sum(this.take(account, account.debt, 'settled').map(({ points }) => points));
  }

  /** Points that fill what is owed as soon as they are given are apart from those that are promised. */
  private apartFromDebt<T extends { place: string; size: number; end: number }>(
    account: Account,
    given: T[],
  ): T[] {
    const fills = new Map<T, number>();
    const usable = given.filter(({ place, end }) => place === 'available' && end > account.recordedUntil);
    for (const part of usable.sort((a, b) => a.end - b.end)) {
      const points = Math.min(account.debt, part.size);
      if (points > 0) fills.set(part, points);
      account.debt -= points;
    }
    return given.flatMap((part) => {
      const points = fills.get(part) ?? 0;
      const settled = { ...part, place: 'settled', size: points };
      const left = { ...part, size: part.size - points };
      return [settled, left].filter(({ size }) => size > 0);
    });
  }

  private put(account: Account, place: string, lot: Omit<Lot, 'id' | 'at'>): Lot {
    return this.keep(account.lots, { ...lot, id: '~', at: { [place]: lot.size } });
  }

  private holds = () => this.redemptions.filter(({ status }) => status === 'authorised');
  private lots = () => this.accounts.flatMap(({ lots }) => lots);

  /** Time goes on, or a clock is set back; what falls due on the way happens. */
  goTo(then: number): void {
    for (const account of this.accounts) this.settle(account, then);
    this.now = then;
  }

  /** In its order: holds lapse, points come of age, points end. */
  private settle(account: Account, then: number): void {
    const ofAge = (lot: Lot) => (in_(lot, ...WAITING) > 0 ? (lot.until ?? lot.usableAt) : Infinity);
    const due = (lot: Lot) => Math.min(ofAge(lot), in_(lot, 'available') > 0 ? lot.end : Infinity);
    for (;;) {
      const holds = this.holds().filter((hold) => hold.account === account);
      const at = Math.min(...holds.map(({ until }) => until), ...account.lots.map(due));
      if (at > then) break;
      account.recordedUntil = Math.max(account.recordedUntil, then);
      for (const hold of holds) if (hold.until <= at) this.endHold(hold, 0, at);
      for (const lot of account.lots.filter((waiting) => ofAge(waiting) <= at))
        if (lot.until === null) move(lot, 'pending', 'available');
        else this.cancel(lot);
      this.arrive(account, at);
    }
  }

  private cancel(lot: Lot): void {
    if (lot.grant) {
      lot.grant.lapsed = true;
      this.uncount(lot.grant, in_(lot, ...WAITING));
    }
    for (const place of WAITING) move(lot, place, 'cancelled');
  }

  /** Whoever has the points: they count for who bought. */
  private uncount({ rule, buyer }: Grant, points: number): void {
    const { counted } = present(buyer);
    if (RULES[rule].origin === 'purchase') counted.points -= points;
    if (rule === 'later') counted.limited -= points;
  }

  buy(member: Member, lines: readonly Line[], at: number, used: readonly Redemption[]): Purchase {
    const now = this.decide(member.account);
    for (const redemption of used) {
      if (redemption.status === 'authorised') this.endHold(redemption, this.pointsOf(redemption), now);
      redemption.used = true;
    }
    const asked = Object.entries(RULES).flatMap(([name, rule]) => {
      const counts = ({ category }: Line) => rule.category === null || rule.category === category;
      const weights = lines.map((line) => (counts(line) ? line.amountMinor : 0));
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
    const paid = parts.map(({ place, grant, size }) =>
      RULES[grant.rule].origin === 'purchase' && place !== 'settled' ? size : 0,
    );
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
    member.counted.spend += money(lines);
    member.counted.visits += 1;
    const back = lines.map(() => 0);
    return this.keep(this.purchases, { id: '', at, member, lines, back, grants, lots, used });
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

  /** Its first `keep` points are used, the rest go back. */
  private endHold(hold: Redemption, keep: number, at: number): void {
    let left = keep;
    hold.parts = hold.parts.flatMap((part) => {
      const points = Math.min(left, part.points);
      left -= points;
      move(part.lot, 'held', 'redeemed', points);
      move(part.lot, 'held', 'available', part.points - points);
      return points > 0 ? [{ ...part, points }] : [];
    });
    hold.status = keep > 0 ? 'captured' : 'voided';
    if (keep === 0 && hold.reward) this.stock += 1;
    this.arrive(hold.account, at);
  }

  usedPoints({ parts, status }: Redemption): number {
    return status === 'captured' ? sum(parts.map(({ points, back }) => points - back)) : 0;
  }

  /** Points of an account that nobody has any more follow their member. */
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
      member.account.debt += spent;
      grant.taken = all;
    }
    member.counted.spend -= sum(amounts);
    if (money(left) === 0) member.counted.visits -= 1;
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
        if (place === 'settled') account.debt += part;
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

  /** The points wait where they are, whoever has them by now. */
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

  /** Points go on in another account, as lots that take their share of the cost along. */
  private hand(to: Account, place: string, parts: readonly Part[], now: number): Lot[] {
    const children = parts.map(({ lot, points }) => {
      // What is not owed yet takes along what would be.
      const owed = place === 'undelivered' ? [...WAITING, 'available', 'held'] : undefined;
      const before = carried(lot, owed);
      move(lot, place, 'moved', points);
      return this.put(to, place, { ...lot, size: points, cost: before - carried(lot, owed), parent: lot });
    });
    this.arrive(to, now);
    return children;
  }

  private handAll(to: Account, lots: readonly Lot[], now: number): Lot[] {
    const all = (place: string) =>
      lots.flatMap((lot) => (in_(lot, place) > 0 ? [{ lot, points: in_(lot, place) }] : []));
    return [...WAITING, 'available'].flatMap((place) => this.hand(to, place, all(place), now));
  }

  /** What is owed goes to another account, which has what there was to settle it with. */
  private handDebt(from: Account, to: Account, now: number): void {
    [to.debt, from.debt] = [to.debt + from.debt, 0];
    this.arrive(to, now);
  }

  /** All that a member has, and owes, goes on in a household. */
  join(member: Member, household: Account): void {
    const { account } = member;
    const now = this.decide(account, household);
    this.handAll(household, account.lots, now);
    this.handDebt(account, household, now);
    member.account = household;
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
}
