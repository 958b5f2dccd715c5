/**
 * Where points are, told in the plainest way: accounts, what falls due in them, and what comes into them. No code is
 * shared with the engine; everything is in memory, in days of UTC.
 */
import type { Account, Grant, Lot, Member, Part, Purchase, Redemption } from './vocabulary.js';
import { carried, endOfDay, in_, leastOwedSince, move, present, sum, WAITING } from './vocabulary.js';

export class ReferenceBooks {
  readonly members: Member[] = [];
  readonly accounts: Account[] = [];
  readonly redemptions: Redemption[] = [];
  readonly purchases: Purchase[] = [];

  /** @param graceDays for how long the points of a closed membership are kept. */
  constructor(
    public now: number,
    public stock: number,
    readonly graceDays: number,
  ) {}

  open = (): Account =>
    this.keep(this.accounts, { debt: 0, debts: [], lots: [], recordedUntil: 0, forfeitsAt: null });

  /** Those who did not turn out to be another. */
  present = (): Member[] => this.members.filter(({ mergedInto }) => mergedInto === null);

  /** When a command on these accounts is decided: now, and never before what is on record of them. */
  protected decide(...accounts: readonly Account[]): number {
    const at = Math.max(this.now, ...accounts.map(({ recordedUntil }) => recordedUntil));
    for (const account of accounts) account.recordedUntil = at;
    return at;
  }

  protected keep<T>(list: T[], item: T): T {
    list.push(item);
    return item;
  }

  balance({ lots, debt }: Account) {
    const all = (...places: string[]) => sum(lots.map((lot) => in_(lot, ...places)));
    return { available: all('available'), pending: all(...WAITING), held: all('held'), debt };
  }

  /** Which usable points go first: those that end first, then those earned first. */
  protected plan(account: Account, points: number): Part[] {
    const usable = account.lots.filter((lot) => in_(lot, 'available') > 0);
    usable.sort((a, b) => a.end - b.end || a.earnedAt - b.earnedAt || (a.id < b.id ? -1 : 1));
    let left = points;
    return usable.flatMap((lot) => {
      const part = Math.min(left, in_(lot, 'available'));
      left -= part;
      return part > 0 ? [{ lot, points: part }] : [];
    });
  }

  protected take(account: Account, points: number, to: string): Part[] {
    const parts = this.plan(account, points);
    for (const part of parts) move(part.lot, 'available', to, part.points);
    return parts;
  }

  /** A debt grows; with points below 0 it shrinks. */
  protected owe(account: Account, points: number, at: number): void {
    if (points !== 0) account.debts.push({ at, points });
    account.debt += points;
  }

  /**
   * What became usable is gone if its time is over; else it fills a debt first. What is left is forfeited where
   * no membership is open.
   */
  protected arrive(account: Account, at: number): void {
    for (const lot of account.lots) if (lot.end <= at) move(lot, 'available', 'expired');
    this.owe(account, -sum(this.take(account, account.debt, 'settled').map(({ points }) => points)), at);
    this.keepOrForfeit(account, at);
  }

  /**
   * Points that fill what is owed as soon as they are given are apart from those that are promised. Points that are
   * over by now fill what they could have filled: the least that was owed at any time since just before they ended.
   */
  protected apartFromDebt<T extends { place: string; size: number; end: number }>(
    account: Account,
    given: T[],
  ): T[] {
    const now = account.recordedUntil;
    const fills = new Map<T, number>();
    const usable = given.filter(({ place }) => place === 'available');
    for (const part of usable.sort((a, b) => a.end - b.end)) {
      const over = part.end <= now;
      const points = Math.min(over ? leastOwedSince(account, part.end) : account.debt, part.size);
      if (points > 0) fills.set(part, points);
      this.owe(account, -points, over ? part.end - 1 : now);
    }
    return given.flatMap((part) => {
      const points = fills.get(part) ?? 0;
      const settled = { ...part, place: 'settled', size: points };
      const left = { ...part, size: part.size - points };
      return [settled, left].filter(({ size }) => size > 0);
    });
  }

  protected put(account: Account, place: string, lot: Omit<Lot, 'id' | 'at'>): Lot {
    return this.keep(account.lots, { ...lot, id: '~', at: { [place]: lot.size } });
  }

  private holds = () => this.redemptions.filter(({ status }) => status === 'authorised');
  protected lots = () => this.accounts.flatMap(({ lots }) => lots);

  /** Time goes on, or a clock is set back; what falls due on the way happens. */
  goTo(then: number): void {
    for (const account of this.accounts) this.settle(account, then);
    this.now = then;
  }

  /** In its order: holds lapse, points come of age, points end, a grace ends. */
  private settle(account: Account, then: number): void {
    const ofAge = (lot: Lot) => (in_(lot, ...WAITING) > 0 ? (lot.until ?? lot.usableAt) : Infinity);
    const due = (lot: Lot) => Math.min(ofAge(lot), in_(lot, 'available') > 0 ? lot.end : Infinity);
    for (;;) {
      const holds = this.holds().filter((hold) => hold.account === account);
      const graceEnd = account.forfeitsAt ?? Infinity;
      const at = Math.min(graceEnd, ...holds.map(({ until }) => until), ...account.lots.map(due));
      if (at > then) break;
      account.recordedUntil = Math.max(account.recordedUntil, then);
      for (const hold of holds) if (hold.until <= at) this.endHold(hold, 0, at);
      for (const lot of account.lots.filter((waiting) => ofAge(waiting) <= at))
        if (lot.until === null) move(lot, 'pending', 'available');
        else this.cancel(lot);
      this.arrive(account, at);
      if (graceEnd <= at) account.forfeitsAt = null;
    }
  }

  protected cancel(lot: Lot): void {
    if (lot.grant) {
      lot.grant.lapsed = true;
      this.uncount(lot.grant, in_(lot, ...WAITING));
    }
    for (const place of WAITING) move(lot, place, 'cancelled');
  }

  /** The points count for the buyer, whatever account has them. */
  protected uncount({ rule, buyer }: Grant, points: number): void {
    const { counted } = present(buyer);
    counted.points -= points;
    if (rule === 'later') counted.limited -= points;
  }

  /** Its first `keep` points are used, the rest go back. */
  protected endHold(hold: Redemption, keep: number, at: number): void {
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

  /** Points go on in another account, as lots that take their share of the cost along. */
  protected hand(to: Account, place: string, parts: readonly Part[], now: number): Lot[] {
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

  protected handAll(to: Account, lots: readonly Lot[], now: number): Lot[] {
    const all = (place: string) =>
      lots.flatMap((lot) => (in_(lot, place) > 0 ? [{ lot, points: in_(lot, place) }] : []));
    return [...WAITING, 'available'].flatMap((place) => this.hand(to, place, all(place), now));
  }

  /** What is owed goes to another account, which has what there was to settle it with. */
  protected handDebt(from: Account, to: Account, now: number): void {
    this.owe(to, from.debt, now);
    this.owe(from, -from.debt, now);
    this.arrive(to, now);
  }

  /** An account on which no member with an open membership acts. A member's own knows its member in any household. */
  private isAbandoned(account: Account): boolean {
    const owner = this.ownerOf(account);
    if (owner) return owner.closedAt !== null;
    const inside = this.present().filter((member) => member.account === account);
    return inside.length > 0 && inside.every(({ closedAt }) => closedAt !== null);
  }

  /** The member whose own account it is; undefined for a household's. */
  private ownerOf(account: Account): Member | undefined {
    const owner = this.members.find(({ home }) => home === account);
    return owner && present(owner);
  }

  private graceAfter = (at: number) => (this.graceDays === 0 ? at : endOfDay(at, this.graceDays));

  /** The last open membership of an account is closed, or its member has left it. @returns how many points are gone. */
  protected abandon(account: Account, now: number): number {
    if (!this.isAbandoned(account)) return 0;
    const end = this.graceAfter(now);
    if (end <= now) return this.forfeit(account);
    account.forfeitsAt = end;
    return 0;
  }

  /** Points on an account without open members: kept for the grace, of which a member's own goes with the member. */
  private keepOrForfeit(account: Account, at: number): void {
    if ((account.forfeitsAt ?? 0) > at || !this.isAbandoned(account)) return;
    if (account.lots.every((lot) => in_(lot, 'available', ...WAITING) === 0)) return;
    const own = this.graceAfter(this.ownerOf(account)?.closedAt ?? -Infinity);
    if (own > at) account.forfeitsAt = own;
    else this.forfeit(account);
  }

  private forfeit({ lots }: Account): number {
    const waiting = lots.filter((lot) => in_(lot, ...WAITING) > 0);
    const before = sum(lots.map((lot) => in_(lot, 'cancelled')));
    for (const lot of waiting) this.cancel(lot);
    for (const lot of lots) move(lot, 'available', 'cancelled');
    return sum(lots.map((lot) => in_(lot, 'cancelled'))) - before;
  }
}
