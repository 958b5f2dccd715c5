import { wording, type Wording } from '../../kernel/wording.js';
import { moneyWords, numberText, pointsWords } from '../../kernel/worded-figures.js';

/** What sentences need of an amount, of whatever type. */
export interface WordedAmount {
  readonly type: string;
  readonly points?: number;
  readonly stepMinor?: number;
  readonly perQuantity?: string;
  readonly minimumMinor?: number;
  readonly steps?: string;
  readonly tierMultipliers?: Readonly<Record<string, string>>;
  readonly byTier?: Readonly<Record<string, number>>;
  readonly otherwise?: number;
  readonly bands?: readonly { readonly fromMinor: number; readonly points: number }[];
  readonly share?: string;
  readonly minorPerPoint?: number;
  readonly factor?: string;
  readonly of?: readonly string[];
}

export interface WordedLimit {
  readonly period: string;
  readonly points: number | null;
  readonly times: number | null;
}

/** What figures and names are written with. */
export interface RuleWords {
  readonly currency: string;
  readonly tierName: (key: string) => string;
  readonly ruleName: (key: string) => string;
  readonly campaignName: (key: string) => Wording;
  readonly activityName: (key: string) => Wording;
}

type AmountWords = (amount: WordedAmount, context: RuleWords) => Wording;

const money = (minor: number | undefined, { currency }: RuleWords) =>
  moneyWords(BigInt(minor ?? 0), currency);

/** How points come about, by the type of the amount: "1 point for each full NT$10". */
const AMOUNTS: Readonly<Record<string, AmountWords>> = {
  perSpend: (amount, context) => {
    const [points, step] = [pointsWords(amount.points ?? 0), money(amount.stepMinor, context)];
    return amount.steps === 'exact'
      ? wording(
          `${points.en} for each ${step.en}, parts of it included`,
          `每 ${step['zh-Hant']} ${points['zh-Hant']}，不足部分按比例計算`,
        )
      : wording(`${points.en} for each full ${step.en}`, `每滿 ${step['zh-Hant']} ${points['zh-Hant']}`);
  },
  perUnit: ({ points = 0, perQuantity = '1', steps }) => {
    const [words, exact] = [pointsWords(points), steps === 'exact'];
    const [en, zh] =
      perQuantity === '1' ? ['unit', '每 1 單位'] : [`${perQuantity} units`, `每 ${perQuantity} 單位`];
    return wording(`${words.en} for each ${exact ? '' : 'full '}${en}`, `${zh} ${words['zh-Hant']}`);
  },
  basketBonus: (amount, context) => {
    const [points, minimum] = [pointsWords(amount.points ?? 0), money(amount.minimumMinor, context)];
    return amount.minimumMinor === 0
      ? wording(`${points.en} once a receipt`, `每筆消費 ${points['zh-Hant']}`)
      : wording(
          `${points.en} once, from ${minimum.en} on`,
          `單筆滿 ${minimum['zh-Hant']}，給 ${points['zh-Hant']}`,
        );
  },
  fixed: ({ points = 0 }) => wording(pointsWords(points).en, `給 ${pointsWords(points)['zh-Hant']}`),
  tierTable: ({ byTier = {}, otherwise = 0 }, { tierName }) => {
    const named = Object.entries(byTier).map(
      ([tier, points]) => [tierName(tier), pointsWords(points)] as const,
    );
    return wording(
      [
        ...named.map(([tier, points]) => `${points.en} on tier ${tier}`),
        `${pointsWords(otherwise).en} otherwise`,
      ].join(', '),
      [
        ...named.map(([tier, points]) => `${tier} ${points['zh-Hant']}`),
        `其他 ${pointsWords(otherwise)['zh-Hant']}`,
      ].join('、'),
    );
  },
  bands: ({ bands = [] }, context) => {
    const parts = bands.map(
      ({ fromMinor, points }) => [money(fromMinor, context), pointsWords(points)] as const,
    );
    return wording(
      `once, by the amount: ${parts.map(([from, points]) => `${points.en} from ${from.en} on`).join(', ')}`,
      parts.map(([from, points]) => `滿 ${from['zh-Hant']}給 ${points['zh-Hant']}`).join('、'),
    );
  },
  marginShare: ({ share = '', minorPerPoint }, context) => {
    const each = money(minorPerPoint, context);
    return wording(
      `a share of ${share} of the margin, 1 point for each ${each.en} of it`,
      `毛利的 ${share} 倍，每 ${each['zh-Hant']} 1 點`,
    );
  },
  multiplierOnBase: ({ factor = '', of = [] }, { ruleName }) => {
    const names = of.map(ruleName);
    return wording(
      `as many points more as make the points of ${names.map((name) => `“${name}”`).join(', ')} times ${factor}`,
      `將${names.map((name) => `「${name}」`).join('、')}的點數提高為 ${factor} 倍`,
    );
  },
};

/** How an amount comes to its points. */
export function amountWords(amount: WordedAmount, context: RuleWords): Wording {
  const words = AMOUNTS[amount.type];
  return words ? words(amount, context) : wording('points by its own terms', '依規則所定給點');
}

const PERIODS: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  purchase: ['a receipt', '每筆消費'],
  day: ['a day', '每日'],
  week: ['a week', '每週'],
  month: ['a month', '每月'],
  quarter: ['a quarter', '每季'],
  year: ['a year', '每年'],
  total: ['in all', '總共'],
};

/** "50 points a day and 2 times a day". */
export function limitWords({ period, points, times }: WordedLimit): Wording {
  const [en, zh] = PERIODS[period] ?? [period, period];
  const parts = [
    ...(points === null
      ? []
      : [wording(`${pointsWords(points).en} ${en}`, `${zh} ${pointsWords(points)['zh-Hant']}`)]),
    ...(times === null ? [] : [wording(`${timesText(times)} ${en}`, `${zh} ${numberText(times)} 次`)]),
  ];
  return wording(parts.map((part) => part.en).join(' and '), parts.map((part) => part['zh-Hant']).join('、'));
}

/** Rounding as people say it. */
export function roundingWords(rounding: string): Wording {
  switch (rounding) {
    case 'halfUp':
      return wording('rounded half up', '四捨五入');
    case 'ceil':
      return wording('rounded up', '無條件進位');
    default:
      return wording('rounded down', '無條件捨去');
  }
}

function timesText(times: number): string {
  return times === 1 ? 'once' : times === 2 ? 'twice' : `${numberText(times)} times`;
}
