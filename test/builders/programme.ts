import type { ApiClient } from '../harness/api-client.js';

const FROM = { effectiveAt: '2020-01-01T00:00:00Z', retroactive: true };

/** Publishes configuration over the API, from 2020 on, with what a shop in Taipei might have. */
export class ProgrammeBuilder {
  constructor(private readonly api: ApiClient) {}

  async policy(definition: object = {}): Promise<this> {
    return this.publish('/v1/programmes/policy', {
      pointName: 'points',
      expiry: { type: 'months', months: 12 },
      pointsOffBasket: { minorPerPoint: 100 },
      ...definition,
    });
  }

  async accounting(definition: object = {}): Promise<this> {
    return this.publish('/v1/finance/policies', {
      entity: 'TW01',
      valuePerPoint: '1',
      redemptionProbability: '0.9',
      valueIncludesTax: true,
      taxRate: '0.05',
      ...definition,
    });
  }

  /** One point for each NT$10 unless told otherwise. */
  async rule(id = 'base', definition: object = {}): Promise<this> {
    return this.publish(`/v1/earning-rules/${id}`, {
      name: id,
      amount: { type: 'perSpend', points: 1, stepMinor: 1000 },
      ...definition,
    });
  }

  /** Reported by tills, the web shop and staff unless told otherwise. */
  async activityType(id: string, definition: object = {}): Promise<this> {
    const names = { en: id, 'zh-Hant': id };
    const reportedBy = ['pos', 'admin', 'activities'];
    return this.publish(`/v1/activity-types/${id}`, { names, reportedBy, ...definition });
  }

  /** Of so many points, uses or minor units. */
  async budget(id: string, limits: object): Promise<this> {
    return this.publish(`/v1/budgets/${id}`, { name: id, ...limits });
  }

  /** Members may register from 2020 to 2090, by any key. */
  async campaign(id: string, definition: object = {}): Promise<this> {
    const names = { en: id, 'zh-Hant': id };
    const open = { opensAt: '2020-01-01T00:00:00+08:00', closesAt: '2090-01-01T00:00:00+08:00' };
    const registeredBy = ['pos', 'admin', 'activities'];
    return this.publish(`/v1/campaigns/${id}`, { names, ...open, registeredBy, ...definition });
  }

  async tiers(definition: object = {}): Promise<this> {
    return this.publish('/v1/tier-sets', {
      measure: 'spend',
      window: { type: 'rolling', months: 12 },
      tiers: [
        { key: 'basic', name: 'Basic', threshold: 0 },
        { key: 'silver', name: 'Silver', threshold: 100_000 },
        { key: 'gold', name: 'Gold', threshold: 500_000 },
      ],
      ...definition,
    });
  }

  async reward(id: string, definition: object, stock?: number): Promise<this> {
    await this.publish(`/v1/rewards/${id}`, { name: id, points: 100, ...definition });
    if (stock !== undefined)
      await expectStatus(200, this.api.post(`/v1/rewards/${id}/stock`, { add: stock }));
    return this;
  }

  /** Goodwill for and against the member unless told otherwise. */
  async adjustmentReason(id: string, definition: object = {}): Promise<this> {
    const reason = { name: id, direction: 'both', origin: 'goodwill', ...definition };
    // A limit above 0 takes two lines of keys.
    return this.publish(`/v1/adjustment-reasons/${id}`, reason, this.api.second ?? this.api);
  }

  /** Policy, accounting policy and the base rule. */
  async shop(): Promise<this> {
    await this.policy();
    await this.accounting();
    return this.rule();
  }

  private async publish(path: string, definition: object, publisher = this.api): Promise<this> {
    await expectStatus(200, this.api.put(`${path}/draft`, definition));
    await expectStatus(200, publisher.post(`${path}/publish`, FROM));
    return this;
  }
}

async function expectStatus(status: number, answer: ReturnType<ApiClient['get']>): Promise<void> {
  const { status: actual, text } = await answer;
  if (actual !== status) throw new Error(`expected ${status}, got ${actual}: ${text}`);
}
