import { moneyWords, numberText, pointsWords } from '../../kernel/worded-figures.js';
import { inARow, listed, quoted, wording, type Wording } from '../../kernel/wording.js';
import { measuredWords, stepWords, type WordedMilestone } from './milestone-words.js';
import {
  amountWords,
  limitWords,
  roundingWords,
  type RuleWords,
  type WordedAmount,
  type WordedLimit,
} from './worded-rule.js';

/** What sentences need of an entry of an explanation. */
export interface WordedTrace {
  readonly rule: { readonly id: string };
  readonly name: string;
  readonly why: string;
  readonly basisMinor: number;
  readonly points: number;
  readonly statusPoints?: number;
  readonly multiplier: string | null;
  readonly limitedBy: string | null;
  readonly rounding: string | null;
  /** The figure before factors and rounding, where it is not the points. */
  readonly raw?: string;
  readonly rounded?: number;
  readonly beatenBy?: string;
  readonly milestone?: { readonly measured: number; readonly missing: number | null };
  readonly inForceFrom?: string;
}

/** What they need of the version that it is about. */
export interface WordedVersion {
  readonly trigger?: WordedMilestone & { readonly type: string; readonly tier?: string };
  readonly amount: WordedAmount;
  readonly limits: readonly WordedLimit[];
  readonly campaign?: string | undefined;
}

/** An entry with all that its sentence needs, worked out beforehand. */
export interface TraceFacts {
  readonly trace: WordedTrace;
  /** Null where the version is not known. */
  readonly version: WordedVersion | null;
  /** The part of the condition that was not met; null where none was the reason. */
  readonly condition: {
    readonly onLines: boolean;
    readonly words: Wording;
    readonly read: readonly Wording[];
  } | null;
  /** When it began, in the programme's zone; null where it was in force. */
  readonly beganAt: Wording | null;
  readonly context: RuleWords;
}

type Reason = (facts: TraceFacts) => Wording;

const nothing =
  (en: string, zh: string): Reason =>
  () =>
    wording(en, zh);

/** What each code means. A rule's name and "gives nothing" stand before it, except where it gave points. */
const REASONS: Readonly<Record<string, Reason>> = {
  inactive: nothing('it is switched off', '規則已停用'),
  paused: nothing('it is paused', '規則暫停中'),
  outOfSchedule: nothing('it does not apply at that time', '不在適用時段內'),
  ended: nothing('it had ended', '規則已結束'),
  memberNotActive: nothing('the member was not active', '會員當時不是有效會員'),
  notRegistered: ({ version, context }) => {
    const name = context.campaignName(version?.campaign ?? '');
    return wording(
      `it does not count for a registration for “${name.en}”`,
      `不在會員登錄行銷活動「${name['zh-Hant']}」的計入範圍`,
    );
  },
  noMatchingLine: nothing('the receipt has nothing that it is about', '這筆消費沒有符合的商品'),
  roundedToNothing: nothing('it comes to less than 1 point', '計算結果不足 1 點'),
  tenderNotUsed: nothing('nothing was paid in a way that counts', '沒有以計入的付款方式支付'),
  tierWithout: nothing("it gives the member's tier nothing", '會員目前的等級不適用'),
  noMargin: nothing('the lines have no margin', '商品沒有毛利'),
  noBase: nothing('the rules that it builds on gave nothing', '它所依據的規則沒有給點'),
  belowStep: ({ trace, version, context }) => below(trace, version?.amount.stepMinor, context),
  belowMinimum: ({ trace, version, context }) => below(trace, version?.amount.minimumMinor, context),
  limitReached: ({ trace, version }) => {
    const limit = limitOf(trace, version);
    return wording(`the limit (${limit.en}) is used up`, `已達上限（${limit['zh-Hant']}）`);
  },
  budgetSpent: nothing('its budget does not cover it any more', '活動預算已不足'),
  givenLately: nothing(
    'the member got it for this tier, or a higher one, less than 330 days before or after',
    '330 天內已因升上這個或更高的等級給過',
  ),
  groupLost: ({ trace, context }) =>
    beaten(trace, context, ['gives more or comes first', '較優先或給點較多']),
  excluded: ({ trace, context }) => beaten(trace, context, ['excludes it', '排除了這條規則']),
  conditionFalse: ({ condition }) => {
    if (!condition) return wording('its condition was not met', '不符合條件');
    const { onLines, words } = condition;
    const read = listed(condition.read);
    if (onLines)
      return wording(`no line meets its condition (${words.en})`, `沒有商品符合條件（${words['zh-Hant']}）`);
    return wording(
      `its condition (${words.en}) was not met${read.en === '' ? '' : `: ${read.en}`}`,
      `不符合條件（${words['zh-Hant']}）${read.en === '' ? '' : `：${read['zh-Hant']}`}`,
    );
  },
  conditionFailed: ({ condition }) =>
    wording(
      `its condition${condition ? ` (${condition.words.en})` : ''} could not be worked out`,
      `條件${condition ? `（${condition.words['zh-Hant']}）` : ''}無法計算`,
    ),
  milestoneNotReached: ({ trace, version, context }) => notReached(trace, version, context),
  notYetInForce: ({ beganAt }) =>
    wording(
      `it began later${beganAt ? `, ${beganAt.en}` : ''}`,
      `規則較晚才生效${beganAt ? `（${beganAt['zh-Hant']}）` : ''}`,
    ),
};

/** One entry of an explanation as a sentence that can be read out. */
export function traceSentence(facts: TraceFacts): Wording {
  const name = quoted(facts.trace.name);
  if (facts.trace.why === 'matched') return matched(name, facts);
  const reason = REASONS[facts.trace.why];
  if (!reason)
    return wording(
      `${name.en} gives nothing (${facts.trace.why}).`,
      `${name['zh-Hant']}不給點（${facts.trace.why}）。`,
    );
  const words = reason(facts);
  return wording(`${name.en} gives nothing: ${words.en}.`, `${name['zh-Hant']}不給點：${words['zh-Hant']}。`);
}

/** Whether a code has a sentence of its own. */
export function hasSentence(why: string): boolean {
  return why === 'matched' || Object.hasOwn(REASONS, why);
}

function matched(name: Wording, { trace, version, context }: TraceFacts): Wording {
  const points = givenWords(trace);
  const steps: Wording[] = [];
  if (trace.basisMinor > 0) {
    const basis = moneyWords(BigInt(trace.basisMinor), context.currency);
    steps.push(wording(`${basis.en} count`, `計入 ${basis['zh-Hant']}`));
  }
  if (version?.trigger?.type === 'promotion') steps.push(promotionWords(version.trigger.tier, context));
  if (version) steps.push(amountWords(version.amount, context));
  if (version && trace.milestone) steps.push(reachedWords(trace.milestone.measured, version, context));
  if (trace.raw !== undefined && (trace.multiplier !== null || !/^\d+$/.test(trace.raw)))
    steps.push(wording(`which makes ${trace.raw}`, `得 ${trace.raw}`));
  if (trace.multiplier !== null) steps.push(wording(`times ${trace.multiplier}`, `乘以 ${trace.multiplier}`));
  if (trace.rounding !== null) steps.push(roundingWords(trace.rounding));
  const how = wording(steps.map(({ en }) => en).join(', '), steps.map((step) => step['zh-Hant']).join('，'));
  const gives = wording(
    `${name.en} gives ${points.en}: ${how.en}.`,
    `${name['zh-Hant']}給${points['zh-Hant']}：${how['zh-Hant']}。`,
  );
  if (trace.limitedBy === null) return gives;
  const limit = limitOf(trace, version);
  const before = trace.rounded === undefined ? null : numberText(trace.rounded);
  return inARow([
    gives,
    wording(
      `The limit (${limit.en}) cut it${before === null ? '' : ` from ${before}`}.`,
      `因上限（${limit['zh-Hant']}）${before === null ? '' : `由 ${before} 點`}減少。`,
    ),
  ]);
}

/** "for each full 10 visits in the calendar year, and 20 are reached" */
function reachedWords(measured: number, { trigger }: WordedVersion, context: RuleWords): Wording {
  const [step, reached] = [
    stepWords(trigger ?? {}, context),
    measuredWords(trigger ?? {}, measured, context),
  ];
  return wording(`${step.en}, and it is ${reached.en} now`, `${step['zh-Hant']}，目前 ${reached['zh-Hant']}`);
}

function notReached({ milestone }: WordedTrace, version: WordedVersion | null, context: RuleWords): Wording {
  const trigger = version?.trigger;
  if (!milestone || !trigger) return wording('its next step is not reached', '未達下一個門檻');
  const reached = measuredWords(trigger, milestone.measured, context);
  if (milestone.missing === null)
    return wording(
      `all its steps were given, at ${reached.en}`,
      `已達給點次數上限，目前 ${reached['zh-Hant']}`,
    );
  const missing = measuredWords(trigger, milestone.missing, context);
  return wording(
    `${missing.en} are missing to its next step, at ${reached.en}`,
    `距離下一個門檻還差 ${missing['zh-Hant']}，目前 ${reached['zh-Hant']}`,
  );
}

function promotionWords(tier: string | undefined, { tierName }: RuleWords): Wording {
  if (tier === undefined) return wording('for the promotion', '升等');
  const name = quoted(tierName(tier));
  return wording(`for the promotion to ${name.en}`, `升等為${name['zh-Hant']}`);
}

/** "30 points", "30 status points", "30 points and as many status points". */
function givenWords({ points, statusPoints = 0 }: WordedTrace): Wording {
  const [own, status] = [pointsWords(points), statusWords(statusPoints)];
  if (statusPoints === 0) return wording(own.en, ` ${own['zh-Hant']}`);
  if (points === 0) return status;
  return wording(`${own.en} and ${status.en}`, ` ${own['zh-Hant']}與${status['zh-Hant']}`);
}

function statusWords(points: number): Wording {
  const words = pointsWords(points);
  return wording(words.en.replace('point', 'status point'), `等級點數 ${words['zh-Hant']}`);
}

function below(trace: WordedTrace, least: number | undefined, { currency }: RuleWords): Wording {
  const counted = moneyWords(BigInt(trace.basisMinor), currency);
  if (least === undefined) return wording('too little of it counts', '計入的消費不足');
  const asked = moneyWords(BigInt(least), currency);
  return wording(
    `${counted.en} count, and it asks for ${asked.en}`,
    `計入 ${counted['zh-Hant']}，未達 ${asked['zh-Hant']}`,
  );
}

function beaten(
  { beatenBy }: WordedTrace,
  { ruleName }: RuleWords,
  [en, zh]: readonly [string, string],
): Wording {
  const winner = quoted(beatenBy === undefined ? '' : ruleName(beatenBy));
  return wording(`${winner.en} ${en}`, `${winner['zh-Hant']}${zh}`);
}

/** The cap that a trace names, in words. */
function limitOf({ limitedBy }: WordedTrace, version: WordedVersion | null): Wording {
  if (limitedBy === 'budget') return wording('the budget of the campaign', '活動預算');
  if (limitedBy === 'programme.maximumBalance') return wording('the highest balance', '點數餘額上限');
  const [, times, name = ''] = /^rule\.(times)?(\w+)$/i.exec(limitedBy ?? '') ?? [];
  const period = name.replace(/^per/i, '').toLowerCase();
  const limit = version?.limits.find((each) => each.period === period);
  if (!limit) return wording(limitedBy ?? '', limitedBy ?? '');
  return limitWords(times === undefined ? { ...limit, times: null } : { ...limit, points: null });
}

/** "126 points: 100 points from “Big basket” and 26 points from “Base”." */
export function totalSentence(traces: readonly TotalledTrace[]): Wording {
  const status = traces.reduce((sum, { statusPoints = 0 }) => sum + statusPoints, 0);
  if (status === 0) return pointsSentence(traces);
  const words = statusWords(status);
  return inARow([
    pointsSentence(traces),
    wording(`For the tier: ${words.en}.`, `計入會員等級：${words['zh-Hant']}。`),
  ]);
}

type TotalledTrace = Pick<WordedTrace, 'name' | 'points' | 'statusPoints' | 'why'>;

function pointsSentence(traces: readonly TotalledTrace[]): Wording {
  const given = traces.filter(({ why, points }) => why === 'matched' && points > 0);
  if (given.length === 0) return wording('No points.', '沒有點數。');
  const total = pointsWords(given.reduce((sum, { points }) => sum + points, 0));
  const parts = given.map(({ name, points }) => {
    const [from, words] = [quoted(name), pointsWords(points)];
    return wording(`${words.en} from ${from.en}`, `${from['zh-Hant']}給 ${words['zh-Hant']}`);
  });
  const list = listed(parts);
  return wording(`${total.en}: ${list.en}.`, `共 ${total['zh-Hant']}：${list['zh-Hant']}。`);
}
