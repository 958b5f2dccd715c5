import { currentCampaign } from '../campaigns/index.js';
import { activityTypeFrom } from '../activity-types/index.js';
import { conditionWords, readWords, type ConditionScope } from '../conditions/index.js';
import { dayWords, pointsWords } from '../kernel/worded-figures.js';
import { wording, type Wording } from '../kernel/wording.js';
import { localDate, parseInstant, type Instant } from '../kernel/time.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { tierNames } from '../programmes/index.js';
import { earningRuleKind, earningRuleVersion } from './earning-rule.kind.js';
import type { ExplainedRule } from './stored-explanation.js';
import { totalSentence, traceSentence, type TraceFacts } from './words/trace-sentence.js';
import type { RuleWords } from './words/worded-rule.js';

/** An explanation in sentences that can be read out. */
export interface ExplanationSentences {
  /** One for each rule, in the order of the explanation. */
  readonly rules: readonly Wording[];
  readonly total: Wording;
  /** What became of the points since then; empty while all of them are there. */
  readonly later: readonly Wording[];
}

/** Where the points of a receipt are, by bucket. */
export interface PointsNow {
  readonly redeemed: number;
  readonly held: number;
  readonly expired: number;
  readonly returned: number;
  readonly settled: number;
  readonly moved: number;
  readonly cancelled: number;
}

/** How the sentences about rules name tiers, rules and money. */
export function ruleWordsOf(config: ConfigSnapshot, at: Instant): RuleWords {
  return {
    currency: config.currency,
    tierName: tierNames(config, at),
    activityName: (key) => activityTypeFrom(config, key, at)?.body.names ?? wording(key, key),
    campaignName: (key) => currentCampaign(config, key)?.body.names ?? wording(key, key),
    ruleName: (key) => config.find(earningRuleKind, key, at)?.body.name ?? key,
  };
}

/** @param now where the points are now; null where that was not asked */
export function explanationSentences(
  rules: readonly ExplainedRule[],
  config: ConfigSnapshot,
  occurredAt: Instant,
  now: PointsNow | null,
): ExplanationSentences {
  const context = ruleWordsOf(config, occurredAt);
  return {
    rules: rules.map((rule) => traceSentence(factsOf(rule, config, context))),
    total: totalSentence(rules),
    later: now === null ? [] : laterSentences(now),
  };
}

function factsOf(trace: ExplainedRule, config: ConfigSnapshot, context: RuleWords): TraceFacts {
  const version = earningRuleVersion(config, trace.rule)?.body ?? null;
  const { condition, inForceFrom } = trace;
  return {
    trace,
    version,
    condition:
      condition === undefined || condition.part === null
        ? null
        : conditionFacts(condition.on, condition.part, condition.values, context),
    beganAt: inForceFrom === undefined ? null : instantWords(inForceFrom, config.timeZone),
    context,
  };
}

function conditionFacts(
  scope: ConditionScope,
  part: string,
  values: Readonly<Record<string, string | boolean | null>>,
  context: RuleWords,
): TraceFacts['condition'] {
  const read = Object.entries(values).map(([key, value]) => readWords(key, value, scope, context));
  return { onLines: scope === 'line', words: conditionWords(part, scope, context).words, read };
}

function instantWords(text: string, zone: string): Wording {
  const instant = parseInstant(text) ?? 0;
  const day = dayWords(localDate(instant, zone));
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
  }).format(instant);
  return wording(`on ${day.en} at ${time}`, `${day['zh-Hant']} ${time} 起`);
}

const LATER: readonly (readonly [keyof PointsNow, en: string, zh: string])[] = [
  ['redeemed', 'used', '已使用'],
  ['held', 'set aside for a redemption', '為兌換保留中'],
  ['returned', 'taken back after a return', '因退貨收回'],
  ['expired', 'expired', '已到期'],
  ['settled', 'taken to pay off a debt of points', '已抵償欠點'],
  ['cancelled', 'cancelled or forfeited', '已取消或失效'],
  ['moved', 'moved to another account', '已移至其他帳戶'],
];

/** What became of the points of a receipt: "By now, 20 points: used." */
export function laterSentences(now: PointsNow): readonly Wording[] {
  return LATER.filter(([bucket]) => now[bucket] > 0).map(([bucket, en, zh]) => {
    const points = pointsWords(now[bucket]);
    return wording(`By now, ${points.en}: ${en}.`, `目前 ${points['zh-Hant']}${zh}。`);
  });
}
