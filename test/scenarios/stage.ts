import { ApiKeyStore } from '../../src/keys/index.js';
import { SCOPES } from '../../src/platform/http/caller.js';
import { ApplyDue } from '../../src/ledger/index.js';
import { ProgrammeStore } from '../../src/programmes/index.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { ApiClient, type Answer } from '../harness/api-client.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

/** What a row's programme has beside one point for each full 1.00 and points that live a year. */
export interface ShopTerms {
  readonly policy?: object;
  readonly accounting?: object;
  /** Rules by id instead of the one. */
  readonly rules?: Readonly<Record<string, object>>;
  readonly tiers?: object;
  readonly currency?: string;
  readonly timeZone?: string;
}

/** An engine whose clock stands still until a story moves it; each story has a programme of its own in it. */
export class Stage {
  private constructor(
    readonly engine: TestEngine,
    readonly clock: MovingClock,
  ) {}

  /** @param background whether the jobs run by themselves, too. */
  static async open({ background = false } = {}): Promise<Stage> {
    const clock = new MovingClock(Date.parse('2026-01-01T12:00:00+01:00'));
    return new Stage(await startTestEngine({ clock, background }), clock);
  }

  async shop(terms: ShopTerms = {}): Promise<Shop> {
    const { currency = 'PLN', timeZone = 'Europe/Warsaw' } = terms;
    const { app } = this.engine.engine;
    const { programmeId } = await app.get(ProgrammeStore).create({ name: 'Scenario', currency, timeZone });
    const client = async (second: ApiClient | null) => {
      const wanted = { programmeId, name: 'till', scopes: SCOPES };
      const { key } = await app.get(ApiKeyStore).create(wanted, 'test');
      return new ApiClient(this.engine.url, key, second);
    };
    const shop = new Shop(await client(await client(null)), this.clock, currency);
    const { policy, accounting, tiers, rules = { base: {} } } = terms;
    await shop.programme.policy(policy);
    await shop.programme.accounting(accounting);
    for (const [id, rule] of Object.entries(rules))
      await shop.programme.rule(id, { amount: ONE_FOR_ONE, ...rule });
    if (tiers) await shop.programme.tiers(tiers);
    return shop;
  }

  /** The nightly run: settles everything that is due by now. @returns how many accounts it settled. */
  runJobs(): Promise<number> {
    return this.engine.engine.app.get(ApplyDue).all();
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}

const ONE_FOR_ONE = { type: 'perSpend', points: 1, stepMinor: 100 };

/** One line of a basket: what it costs in minor units, with what else is said of it. */
export interface Goods {
  readonly minor: number;
  readonly category?: string;
  readonly quantity?: string;
  /** How much of the quantity was given for a reward. */
  readonly rewardedQuantity?: string;
  /** The reward that it hands over. */
  readonly redemptionId?: string;
}

export interface Member {
  readonly externalId: string;
  readonly id: string;
}

/** One programme, as its till and its office see it. What it does happens when the clock says. */
export class Shop {
  readonly programme: ProgrammeBuilder;
  private members = 0;

  constructor(
    readonly api: ApiClient,
    private readonly clock: MovingClock,
    private readonly currency: string,
  ) {
    this.programme = new ProgrammeBuilder(api);
  }

  async member(): Promise<Member> {
    this.members += 1;
    const externalId = `M-${this.members}`;
    const enrolledAt = '2020-01-01T00:00:00Z';
    const { id } = must(201, await this.api.post('/v1/members', { externalId, enrolledAt }));
    return { externalId, id };
  }

  /** A receipt of now as the till would post it. */
  receipt(member: Member, goods: readonly Goods[], more: object = {}): Record<string, unknown> {
    return receipt({
      member: { externalId: member.externalId },
      occurredAt: new Date(this.clock.now()).toISOString(),
      currency: this.currency,
      lines: goods.map(({ minor, ...rest }, index) =>
        line({ lineNo: index + 1, amountMinor: minor, taxMinor: 0, ...rest }),
      ),
      ...more,
    });
  }

  /** Buys and is answered 201. @param goods the lines, or whole units of money on one line. */
  async buys(member: Member, goods: number | readonly Goods[], more: object = {}): Promise<Answer['body']> {
    const lines = typeof goods === 'number' ? [{ minor: goods * 100 }] : goods;
    return must(201, await this.api.post('/v1/purchases', this.receipt(member, lines, more)));
  }

  redeems(member: Member, body: object): Promise<Answer> {
    const { externalId } = member;
    return this.api.post('/v1/redemptions', { member: { externalId }, mode: 'capture', ...body });
  }

  /** Uses points, and is answered 201. */
  async spends(member: Member, points: number, more: object = {}): Promise<Answer['body']> {
    return must(201, await this.redeems(member, { points, ...more }));
  }

  returns(purchase: { readonly id: string }, body: object = { whole: true }): Promise<Answer> {
    const { source, receiptNo } = receipt();
    const occurredAt = new Date(this.clock.now()).toISOString();
    return this.api.post(`/v1/purchases/${purchase.id}/returns`, {
      ...{ source, receiptNo, occurredAt },
      ...body,
    });
  }

  transfers(from: Member, to: Member, points: number): Promise<Answer> {
    return this.api.post('/v1/transfers', {
      from: { externalId: from.externalId },
      to: { externalId: to.externalId },
      points,
    });
  }

  async balance({ id }: Member): Promise<Answer['body']> {
    return must(200, await this.api.get(`/v1/members/${id}/balance`));
  }

  async standing({ id }: Member): Promise<Answer['body']> {
    return must(200, await this.api.get(`/v1/members/${id}/standing`));
  }

  async lots({ id }: Member): Promise<readonly Answer['body'][]> {
    return must(200, await this.api.get(`/v1/members/${id}/lots?limit=500`)).data;
  }

  /** From the first to the last. */
  async movements({ id }: Member): Promise<readonly Answer['body'][]> {
    return must(200, await this.api.get(`/v1/members/${id}/movements?limit=500`)).data.toReversed();
  }

  async get(path: string): Promise<Answer['body']> {
    return must(200, await this.api.get(path));
  }
}

function must(status: number, answer: Answer): Answer['body'] {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text}`);
  return answer.body;
}
