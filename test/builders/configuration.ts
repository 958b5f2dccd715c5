import { activityTypeKind, type ActivityType } from '../../src/activity-types/index.js';
import { adjustmentReasonKind, type AdjustmentReason } from '../../src/adjustments/index.js';
import { budgetKind, type Budget } from '../../src/budgets/index.js';
import { campaignKind, type Campaign } from '../../src/campaigns/index.js';
import { earningRuleKind, type EarningRule } from '../../src/earning/index.js';
import {
  ACCOUNTING_POLICY_KEY,
  accountingPolicyKind,
  type AccountingPolicy,
} from '../../src/finance/index.js';
import type { ConfigKind } from '../../src/platform/versioned-config/config-snapshot.js';
import { ConfigSnapshot } from '../../src/platform/versioned-config/config-snapshot.js';
import {
  PROGRAMME_POLICY_KEY,
  programmePolicyKind,
  TIER_SET_KEY,
  type PublishedProgrammePolicy,
} from '../../src/programmes/index.js';
import { rewardKind, type Reward } from '../../src/redemptions/index.js';
import { tierSetKind, type TierSet } from '../../src/tiers/index.js';
import { earningRule } from './earning-rule.js';
import { numberedId } from './ids.js';
import { ladder } from './tiers.js';

interface Place {
  readonly version?: number;
  /** RFC 3339; from when on. */
  readonly from?: string;
}

/**
 * What a programme in Warsaw has published, from 2020 on unless told otherwise. Takes anything that is added;
 * `shop()` has a policy, an accounting policy and one rule.
 */
export class ConfigurationBuilder {
  private readonly versions: ConstructorParameters<typeof ConfigSnapshot>[4][number][] = [];

  static shop(): ConfigurationBuilder {
    return new ConfigurationBuilder().policy().accounting().rule();
  }

  /** Points live twelve months; one takes 0.10 off the basket. */
  policy(overrides: Partial<PublishedProgrammePolicy> = {}, place: Place = {}): this {
    const policy: PublishedProgrammePolicy = {
      pointName: 'points',
      expiry: { type: 'months', months: 12 },
      pointsOffBasket: { minorPerPoint: 10, minimumPoints: 1 },
      ...overrides,
    };
    return this.publish(programmePolicyKind, PROGRAMME_POLICY_KEY, policy, place);
  }

  /** A point is worth 0.10, nine of ten are redeemed. */
  accounting(overrides: Partial<AccountingPolicy> = {}, place: Place = {}): this {
    const policy: AccountingPolicy = {
      entity: 'PL01',
      method: 'relative_ssp',
      valuePerPoint: '0.1',
      redemptionProbability: '0.9',
      valueIncludesTax: false,
      taxRate: '0',
      accounts: {},
      ...overrides,
    };
    return this.publish(accountingPolicyKind, ACCOUNTING_POLICY_KEY, policy, place);
  }

  rule(overrides: Partial<EarningRule> = {}, place: Place & { readonly key?: string } = {}): this {
    return this.publish(earningRuleKind, place.key ?? 'base', earningRule(overrides), place);
  }

  /** What members may be reported to have done, by any key, without attributes. */
  activityType(key: string, overrides: Partial<ActivityType> = {}, place: Place = {}): this {
    const type: ActivityType = {
      names: { en: key, 'zh-Hant': key },
      attributes: [],
      reportedBy: ['pos', 'admin', 'activities'],
      daysBack: null,
      secondsAhead: 300,
      extendsExpiry: false,
      retired: false,
      ...overrides,
    };
    return this.publish(activityTypeKind, key, type, place);
  }

  /** 50 points for each activity of a type. */
  activityRule(
    activity: string,
    overrides: Partial<EarningRule> = {},
    place: Place & { readonly key?: string } = {},
  ): this {
    const rule: Partial<EarningRule> = {
      trigger: { type: 'activity', activity },
      origin: 'non_purchase',
      amount: { type: 'fixed', points: 50 },
      ...overrides,
    };
    return this.rule(rule, { key: activity, ...place });
  }

  /** 100 points, and a warning at four fifths of them. */
  budget(key: string, overrides: Partial<Budget> = {}, place: Place = {}): this {
    const limits = { points: 100, uses: null, moneyMinor: null };
    return this.publish(budgetKind, key, { name: key, ...limits, warnAtPercent: 80, ...overrides }, place);
  }

  /** Any number of members may register all the time, by any key; receipts count from the registration on. */
  campaign(key: string, overrides: Partial<Campaign> = {}, place: Place = {}): this {
    const campaign: Campaign = {
      names: { en: key, 'zh-Hant': key },
      opensAt: '2020-01-01T00:00:00.000Z',
      closesAt: '2030-01-01T00:00:00.000Z',
      startsAt: '2020-01-01T00:00:00.000Z',
      endsAt: '2030-01-01T00:00:00.000Z',
      countsFrom: 'registration',
      registeredBy: ['pos', 'admin', 'activities'],
      places: { inAll: null, perDay: null },
      ...overrides,
    };
    return this.publish(campaignKind, key, campaign, place);
  }

  tiers(overrides: Partial<TierSet> = {}, place: Place = {}): this {
    return this.publish(tierSetKind, TIER_SET_KEY, ladder(overrides), place);
  }

  /** Costs 10 points, takes 5.00 off the basket, is not counted. */
  reward(key: string, overrides: Partial<Reward> = {}): this {
    const reward: Reward = {
      name: key,
      active: true,
      points: 10,
      discountMinor: 500,
      stocked: false,
      ...overrides,
    };
    return this.publish(rewardKind, key, reward, {});
  }

  /** Goodwill, for and against the member, without limit or evidence. */
  adjustmentReason(key: string, overrides: Partial<AdjustmentReason> = {}): this {
    const reason: AdjustmentReason = {
      name: key,
      direction: 'both',
      origin: 'goodwill',
      active: true,
      approvalAbove: null,
      evidenceRequired: false,
      expiry: null,
      ...overrides,
    };
    return this.publish(adjustmentReasonKind, key, reason, {});
  }

  build(): ConfigSnapshot {
    return new ConfigSnapshot(numberedId('prg', 1), 'PLN', 'Europe/Warsaw', 1, this.versions);
  }

  private publish<T>({ name }: ConfigKind<T>, key: string, body: T, place: Place): this {
    const { version = 1, from = '2020-01-01T00:00:00Z' } = place;
    this.versions.push({ kind: name, key, version, effectiveAt: Date.parse(from), body });
    return this;
  }
}
