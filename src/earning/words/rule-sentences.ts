import type { RuleSchedule } from '../domain/rule-schedule.js';
import { scheduleSentences } from './schedule-sentences.js';
import { conditionWords } from '../../conditions/index.js';
import { listed, quoted, wording, type Wording } from '../../kernel/wording.js';
import { stepWords, type WordedMilestone } from './milestone-words.js';
import {
  amountWords,
  limitWords,
  roundingWords,
  type RuleWords,
  type WordedAmount,
  type WordedLimit,
} from './worded-rule.js';

/** Single conditions of a rule that a member still takes in; with more the rule is hard to explain. */
export const MAX_PLAIN_CONDITIONS = 3;

/** What sentences need of a rule, whatever its trigger and amount. */
export interface WordedRule {
  readonly name: string;
  readonly trigger?: {
    readonly type: string;
    readonly activity?: string;
    readonly campaign?: string;
    readonly on?: string;
    readonly tier?: string;
  } & WordedMilestone;
  readonly gives?: string;
  readonly basis: string;
  readonly amount: WordedAmount;
  readonly multiplier: string | null;
  readonly rounding?: string;
  readonly condition: string | null;
  readonly lines: {
    readonly includeCategories: readonly string[];
    readonly excludeCategories: readonly string[];
    readonly condition?: string;
  };
  readonly earnOnPointsPaid: boolean;
  readonly limits: readonly WordedLimit[];
  readonly group?: { readonly combine: string } | null;
  readonly exclusive?: boolean;
  readonly schedule?: RuleSchedule | null;
  readonly budget?: unknown;
  readonly campaign?: string | undefined;
}

/** How a member earns by a rule: the amount first, then what it depends on. Expiry and waiting are not in it. */
export function ruleSentences(rule: WordedRule, context: RuleWords): readonly Wording[] {
  const name = quoted(rule.name);
  const occasion = occasionOf(rule, context);
  const amount = amountWords(rule.amount, context);
  const goods = goodsOf(rule);
  const first = wording(
    `${name.en}: ${occasion.en}${amount.en}${goods.en}.`,
    `${name['zh-Hant']}：${occasion['zh-Hant']}${amount['zh-Hant']}${goods['zh-Hant']}。`,
  );
  return [
    first,
    ...givesOf(rule),
    ...campaignOf(rule, context),
    ...conditionsOf(rule, context),
    ...factorsOf(rule, context),
    ...(rule.basis === 'net' ? [wording('The tax in the price does not count.', '以未稅金額計算。')] : []),
    ...(rule.earnOnPointsPaid
      ? [wording('What is paid with points earns as well.', '以點數折抵的部分也給點。')]
      : []),
    ...limitsOf(rule),
    ...togetherOf(rule),
  ];
}

function givesOf({ gives }: WordedRule): readonly Wording[] {
  if (gives === 'status')
    return [
      wording(
        'These are status points: they count for the tier and cannot be spent.',
        '給的是等級點數：計入會員等級，不可兌換。',
      ),
    ];
  if (gives === 'both')
    return [wording('As many status points count for the tier.', '另計相同數量的等級點數，計入會員等級。')];
  return [];
}

function campaignOf({ campaign }: WordedRule, { campaignName }: RuleWords): readonly Wording[] {
  if (campaign === undefined) return [];
  const name = campaignName(campaign);
  return [
    wording(
      `It is for members who registered for “${name.en}”.`,
      `限已登錄行銷活動「${name['zh-Hant']}」的會員。`,
    ),
  ];
}

/** Of how many single conditions a rule is made. */
export function conditionCount({ condition, lines, trigger }: WordedRule): number {
  const context = { currency: 'TWD', tierName: (key: string) => key };
  const whole = condition === null ? 0 : conditionWords(condition, scopeOf(trigger), context).conditions;
  return (
    whole + (lines.condition === undefined ? 0 : conditionWords(lines.condition, 'line', context).conditions)
  );
}

function scopeOf(trigger: WordedRule['trigger']): 'receipt' | 'activity' | 'occasion' {
  if (trigger === undefined || trigger.type === 'receipt') return 'receipt';
  return trigger.type === 'activity' ? 'activity' : 'occasion';
}

function occasionOf({ trigger }: WordedRule, context: RuleWords): Wording {
  const { tierName, activityName, campaignName } = context;
  switch (trigger?.type ?? 'receipt') {
    case 'receipt':
      return wording('', '');
    case 'activity': {
      const name = activityName(trigger?.activity ?? '');
      return wording(`for the activity “${name.en}”, `, `活動「${name['zh-Hant']}」`);
    }
    case 'registration': {
      const name = campaignName(trigger?.campaign ?? '');
      return wording(`on registration for “${name.en}”, `, `登錄行銷活動「${name['zh-Hant']}」，`);
    }
    case 'calendar':
      return trigger?.on === 'birthday'
        ? wording('on the birthday, ', '生日當天，')
        : wording('on the anniversary of the enrolment, ', '入會週年當天，');
    case 'promotion': {
      if (trigger?.tier === undefined) return wording('on each promotion, ', '每次升等，');
      const tier = quoted(tierName(trigger.tier));
      return wording(`on promotion to ${tier.en}, `, `升等為${tier['zh-Hant']}，`);
    }
    case 'milestone': {
      const step = stepWords(trigger ?? {}, context);
      return wording(`${step.en}: `, `${step['zh-Hant']}，`);
    }
    default:
      return wording('on reaching what the rule names, ', '達成規則所定的目標，');
  }
}

function goodsOf({ lines: { includeCategories, excludeCategories } }: WordedRule): Wording {
  const included = listed(includeCategories.map(quoted));
  const excluded = listed(excludeCategories.map(quoted));
  return wording(
    `${included.en && `, on goods of ${included.en}`}${excluded.en && `, except on ${excluded.en}`}`,
    `${included['zh-Hant'] && `，限${included['zh-Hant']}`}${excluded['zh-Hant'] && `，${excluded['zh-Hant']}除外`}`,
  );
}

function conditionsOf({ condition, lines, trigger }: WordedRule, context: RuleWords): readonly Wording[] {
  const sentences: Wording[] = [];
  if (condition !== null) {
    const { words } = conditionWords(condition, scopeOf(trigger), context);
    sentences.push(wording(`It applies where ${words.en}.`, `適用條件：${words['zh-Hant']}。`));
  }
  if (lines.condition !== undefined) {
    const { words } = conditionWords(lines.condition, 'line', context);
    sentences.push(wording(`It counts the lines where ${words.en}.`, `計入的商品：${words['zh-Hant']}。`));
  }
  return sentences;
}

function factorsOf(
  { amount, multiplier, rounding = 'floor' }: WordedRule,
  { tierName }: RuleWords,
): readonly Wording[] {
  const byTier = Object.entries(amount.tierMultipliers ?? {});
  const sentences: Wording[] = [];
  if (multiplier !== null)
    sentences.push(wording(`All of it counts ${multiplier} times.`, `點數以 ${multiplier} 倍計算。`));
  if (byTier.length > 0)
    sentences.push(
      wording(
        `The tier multiplies it: ${byTier.map(([tier, factor]) => `${tierName(tier)} by ${factor}`).join(', ')}.`,
        `等級倍率：${byTier.map(([tier, factor]) => `${tierName(tier)} ${factor} 倍`).join('、')}。`,
      ),
    );
  if (sentences.length === 0) return sentences;
  const rounded = roundingWords(rounding);
  sentences.push(wording(`The result is ${rounded.en}.`, `小數點以下${rounded['zh-Hant']}。`));
  return sentences;
}

function limitsOf({ limits }: WordedRule): readonly Wording[] {
  if (limits.length === 0) return [];
  const words = listed(limits.map(limitWords));
  return [wording(`At most ${words.en}.`, `上限：${words['zh-Hant']}。`)];
}

function togetherOf({ group, exclusive, schedule, budget }: WordedRule): readonly Wording[] {
  const sentences: Wording[] = [];
  if (group && group.combine !== 'sum')
    sentences.push(
      group.combine === 'best'
        ? wording(
            'Of the rules of its group only the one that gives most counts.',
            '同組規則只取給點最多的一條。',
          )
        : wording(
            'Of the rules of its group only the first that applies counts.',
            '同組規則只取第一條適用的。',
          ),
    );
  if (exclusive === true)
    sentences.push(wording('Where it applies, no other rule does.', '適用時，其他規則一律不適用。'));
  if (schedule) sentences.push(...scheduleSentences(schedule));
  if (budget !== undefined && budget !== null)
    sentences.push(wording('It gives points while its budget lasts.', '預算用完為止。'));
  return sentences;
}
