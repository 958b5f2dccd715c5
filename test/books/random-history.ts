import type { Shop } from './shops.js';

const DAY_MS = 86_400_000;
const CATEGORIES = ['goods', 'goods', 'ordered', 'club', 'short', 'spree'];

/** Whole numbers from 0 to below `bound`, the same for the same seed. */
export class Dice {
  constructor(private state: number) {}

  below(bound: number): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.state / 4_294_967_296) * bound);
  }

  one<T>(items: readonly T[]): T | undefined {
    return items[this.below(items.length)];
  }
}

/** What of a receipt its price follows from, minor units. */
export interface Receipt {
  readonly lines: readonly {
    readonly amountMinor: number;
    readonly taxMinor: number;
    readonly listMinor?: number;
    readonly commissionMinor?: number;
    readonly revenue?: string;
  }[];
  readonly tenders: readonly { readonly amountMinor: number }[];
  readonly redemptionIds?: readonly string[];
}

interface Sold {
  readonly id: string;
  readonly amounts: readonly number[];
}

/** Commands by how often they are given. */
const MOVES = [
  ...(['buy', 'buy', 'buy', 'buy', 'redeem', 'redeem', 'redeem', 'settleHold', 'settleHold'] as const),
  ...(['reverse', 'reverse', 'bringBack', 'bringBack', 'bringBack', 'exchange', 'deliver'] as const),
  ...(['credit', 'credit', 'forfeit', 'correct', 'fraud', 'decide', 'undo', 'undo'] as const),
  ...(['send', 'send', 'meet', 'meet', 'leave', 'merge', 'close', 'extend'] as const),
];

/** A few members and what is done to them, step by step, over HTTP. */
export class RandomHistory {
  readonly brought = { lots: 0, points: 0, carriedMinor: 0 };
  private readonly members: string[] = [];
  /** Every receipt that was taken, by its id. */
  readonly receipts = new Map<string, Receipt>();
  private readonly sold: Sold[] = [];
  private readonly redemptions: { readonly id: string; readonly points: number }[] = [];
  private readonly adjustments: string[] = [];
  private readonly credits: string[] = [];
  private readonly requests: string[] = [];
  private readonly households: { readonly id: string; readonly members: string[] }[] = [];
  private numbered = 0;

  constructor(
    private readonly shop: Shop,
    readonly name: string,
    private readonly dice: Dice,
  ) {}

  /** Enrols three members and brings in what they had. */
  async begin(): Promise<void> {
    for (let each = 0; each < 3; each += 1) await this.enrol();
    const lots = this.members.flatMap((id, index) =>
      this.dice.below(3) === 0 ? [] : [this.opening(id, `${this.name}-L${index}`)],
    );
    if (lots.length === 0) return;
    const sum = (field: 'points' | 'carriedMinor') => lots.reduce((total, lot) => total + lot[field], 0);
    const control = { lots: lots.length, points: sum('points'), carriedMinor: sum('carriedMinor') };
    const body = { source: 'old-pos', control, lots };
    const answer = await this.post('/v1/opening-balances', body, this.shop.importer);
    if (answer?.taken.lots !== lots.length) throw new Error(JSON.stringify(answer));
    Object.assign(this.brought, control);
  }

  private opening(id: string, externalId: string) {
    const origin = this.dice.below(3) === 0 ? 'non_purchase' : 'purchase';
    const expiresOn = this.dice.one([undefined, '2026-01-02', '2026-02-10', '2026-12-31']);
    return {
      ...{ externalId, member: { id }, origin, points: 1 + this.dice.below(700), earnedOn: '2025-06-14' },
      carriedMinor: origin === 'purchase' ? this.dice.below(40_000) : 0,
      ...(expiresOn ? { expiresOn } : {}),
    };
  }

  /** One command, by the dice; a refusal is a step, too. */
  async step(): Promise<void> {
    await this[this.dice.one(MOVES) as (typeof MOVES)[number]]();
  }

  private async enrol(): Promise<void> {
    this.numbered += 1;
    const answer = await this.post('/v1/members', {
      externalId: `${this.name}-${this.numbered}`,
      enrolledAt: '2025-01-01T00:00:00Z',
    });
    this.members.push(answer.id);
  }

  private who = (): { id: string } => ({ id: this.dice.one(this.members) as string });

  private at(): string {
    const days = this.dice.one([0, 0, 0, 0, 1, 3, 12, 40, -1 / 360]) as number;
    return new Date(this.shop.clock.now() - Math.floor(days * DAY_MS)).toISOString();
  }

  private receipt(): {
    readonly body: Receipt & Record<string, unknown>;
    readonly amounts: readonly number[];
  } {
    this.numbered += 1;
    const count = 1 + this.dice.below(3);
    const amounts = Array.from({ length: count }, () => 9000 + this.dice.below(90_000));
    const lines = amounts.map((amountMinor, index) => ({
      ...{ lineNo: index + 1, sku: `S-${this.dice.below(4)}`, amountMinor },
      ...{ category: this.dice.one(CATEGORIES), ...this.revenueOf(amountMinor) },
      taxMinor: this.dice.below(2) * Math.floor(amountMinor / 21),
      ...(this.dice.below(4) === 0 ? { listMinor: amountMinor + this.dice.below(9000) } : {}),
    }));
    const { currency } = this.shop.terms;
    const receiptNo = `${this.name}-${this.numbered}`;
    const body = { source: 'store', receiptNo, occurredAt: this.at(), currency, lines, ...this.paid() };
    return { amounts, body };
  }

  /** Mostly goods of the seller's own; now and then of another's, or a deposit. */
  private revenueOf(amountMinor: number): object {
    const kind = this.dice.below(9);
    if (kind === 0) return { revenue: 'none' };
    return kind === 1 ? { revenue: 'agent', commissionMinor: Math.floor(amountMinor / 10) } : {};
  }

  /** Sometimes a coupon, sometimes points that were redeemed before, as a tender or off the lines already. */
  private paid(): Pick<Receipt, 'tenders' | 'redemptionIds'> {
    const used = this.dice.below(3) === 0 ? this.dice.one(this.redemptions.slice(-3)) : undefined;
    const tenders: object[] =
      this.dice.below(5) === 0 ? [{ type: 'coupon', kind: 'discount', amountMinor: 700 }] : [];
    if (used && this.dice.below(2) === 0) tenders.push({ type: 'points', amountMinor: used.points * 100 });
    return { tenders: tenders as Receipt['tenders'], ...(used ? { redemptionIds: [used.id] } : {}) };
  }

  private async buy(): Promise<void> {
    const { body, amounts } = this.receipt();
    const answer = await this.post('/v1/purchases', { ...body, member: this.who() });
    if (answer) this.note(answer.id, body, amounts);
  }

  private note(id: string, body: Receipt, amounts: readonly number[]): void {
    this.receipts.set(id, body);
    this.sold.push({ id, amounts });
  }

  private goods({ amounts }: Sold): object {
    if (this.dice.below(3) === 0) return { whole: true };
    const lines = amounts.flatMap((amount, index) => {
      const back = Math.floor((amount * this.dice.below(4)) / 6);
      return back > 0 ? [{ lineNo: index + 1, amountMinor: back }] : [];
    });
    const spentPoints = this.dice.one([undefined, undefined, 'debt', 'deductFromRefund', 'forgive']);
    return { ...(lines.length > 0 ? { lines } : { whole: true }), ...(spentPoints ? { spentPoints } : {}) };
  }

  private async bringBack(): Promise<void> {
    const sold = this.dice.one(this.sold);
    if (!sold) return;
    this.numbered += 1;
    const days = this.dice.one([0, 0, 0, 2]) as number;
    const occurredAt = new Date(this.shop.clock.now() - days * DAY_MS).toISOString();
    const number = { source: 'store', receiptNo: `${this.name}-R${this.numbered}`, occurredAt };
    await this.post(`/v1/purchases/${sold.id}/returns`, { ...number, ...this.goods(sold) });
  }

  private async exchange(): Promise<void> {
    const sold = this.dice.one(this.sold);
    if (!sold) return;
    const { body, amounts } = this.receipt();
    const purchase = { ...body, occurredAt: new Date(this.shop.clock.now()).toISOString() };
    const goods = this.goods(sold);
    const answer = await this.post(`/v1/purchases/${sold.id}/exchanges`, { return: goods, purchase });
    if (answer) this.note(answer.purchase.id, purchase, amounts);
  }

  private async redeem(): Promise<void> {
    const hold = this.dice.below(2) === 0;
    const points = 1 + this.dice.below(60);
    const answer = await this.post('/v1/redemptions', {
      ...{ member: this.who(), points, mode: hold ? 'authorise' : 'capture' },
      ...(hold ? { holdSeconds: this.dice.one([60, 90_000, 600_000]) } : {}),
    });
    if (answer) this.redemptions.push({ id: answer.id, points });
  }

  private async settleHold(): Promise<void> {
    const { id } = this.dice.one(this.redemptions.slice(-4)) ?? {};
    if (!id) return;
    const part = this.dice.below(3);
    if (part === 0) await this.post(`/v1/redemptions/${id}/void`, {});
    else
      await this.post(`/v1/redemptions/${id}/capture`, part === 1 ? {} : { points: 1 + this.dice.below(20) });
  }

  private async reverse(): Promise<void> {
    const { id } = this.dice.one(this.redemptions) ?? {};
    const body = this.dice.below(2) === 0 ? {} : { points: 1 + this.dice.below(20) };
    if (id) await this.post(`/v1/redemptions/${id}/reverse`, body);
  }

  private async deliver(): Promise<void> {
    const sold = this.dice.one(this.sold);
    const type = this.dice.below(3) === 0 ? 'cancelled' : 'delivered';
    const occurredAt = new Date(this.shop.clock.now()).toISOString();
    if (sold) await this.post(`/v1/purchases/${sold.id}/events`, { type, occurredAt });
  }

  private async adjust(body: object): Promise<string | undefined> {
    const answer = await this.post('/v1/adjustments', body);
    if (!answer) return undefined;
    (answer.status === 'requested' ? this.requests : this.adjustments).push(answer.id);
    return answer.id;
  }

  private async credit(): Promise<void> {
    const reason = this.dice.one(['gift', 'apology']);
    const occurredAt = this.dice.below(3) === 0 ? { occurredAt: this.at() } : {};
    const id = await this.adjust({
      member: this.who(),
      points: 1 + this.dice.below(160),
      reason,
      ...occurredAt,
    });
    if (id) this.credits.push(id);
  }

  private async forfeit(): Promise<void> {
    await this.adjust({ member: this.who(), points: -1 - this.dice.below(80), reason: 'breach' });
  }

  private async correct(): Promise<void> {
    const adjustmentId = this.dice.one(this.credits);
    const points = -1 - this.dice.below(60);
    const member = this.who();
    if (adjustmentId)
      await this.adjust({ member, points, kind: 'correction', adjustmentId, reason: 'breach' });
  }

  private async fraud(): Promise<void> {
    const sold = this.dice.one(this.sold);
    if (!sold) return;
    const { body } = await this.shop.maker.get(`/v1/purchases/${sold.id}`);
    const member = { id: body.memberId as string };
    const reason = this.dice.one(['breach', 'checked']);
    await this.adjust({ member, kind: 'fraud', purchaseId: sold.id, reason });
  }

  private async decide(): Promise<void> {
    const id = this.dice.one(this.requests);
    if (!id) return;
    const verb = this.dice.below(4) === 0 ? 'reject' : 'approve';
    if (await this.post(`/v1/adjustments/${id}/${verb}`, {}, this.shop.checker)) this.adjustments.push(id);
  }

  private async undo(): Promise<void> {
    const id = this.dice.one(this.adjustments);
    if (id) await this.post(`/v1/adjustments/${id}/reverse`, { reason: 'breach' });
  }

  private async send(): Promise<void> {
    await this.post('/v1/transfers', { from: this.who(), to: this.who(), points: 1 + this.dice.below(90) });
  }

  private async meet(): Promise<void> {
    const { id } = this.who();
    const household = this.dice.below(2) === 0 ? undefined : this.dice.one(this.households);
    if (household) {
      const body = { member: { id }, role: 'adult' };
      if (await this.post(`/v1/households/${household.id}/members`, body)) household.members.push(id);
      return;
    }
    const answer = await this.post('/v1/households', { head: { id } });
    if (answer) this.households.push({ id: answer.id, members: [id] });
  }

  private async leave(): Promise<void> {
    const household = this.dice.one(this.households);
    const id = household && this.dice.one(household.members);
    const split = this.dice.one(['own', 'none', 'equal', { points: 1 + this.dice.below(30) }]);
    if (id) await this.post(`/v1/households/${household?.id}/members/${id}/leave`, { split });
  }

  private async merge(): Promise<void> {
    if (this.dice.below(3) > 0) return;
    await this.post(`/v1/members/${this.who().id}/merge`, { duplicate: this.who() });
    await this.enrol();
  }

  private async close(): Promise<void> {
    if (this.dice.below(3) > 0) return;
    await this.post(`/v1/members/${this.who().id}/close`, {});
    await this.enrol();
  }

  private async extend(): Promise<void> {
    const { id } = this.who();
    const { body } = await this.shop.maker.get(`/v1/members/${id}/lots?limit=50`);
    const lot = this.dice.one(body.data as { id: string; expired: number }[]);
    if (!lot) return;
    const expiresAt = new Date(this.shop.clock.now() + 50 * DAY_MS).toISOString();
    const what = lot.expired > 0 ? 'reinstate' : 'extend';
    await this.post(`/v1/members/${id}/lots/${lot.id}/${what}`, { expiresAt, reason: 'gift' });
  }

  /** @returns the answer, or undefined for a refusal. @throws Error for a fault of the engine's. */
  private async post(path: string, body: object, api = this.shop.maker) {
    const answer = await api.post(path, body);
    if (answer.status >= 500)
      throw new Error(`${this.name}: ${path} ${JSON.stringify(body)}: ${answer.text}`);
    return answer.status < 300 ? answer.body : undefined;
  }
}
