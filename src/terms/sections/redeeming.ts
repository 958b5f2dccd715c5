import { divideFloor } from '../../kernel/division.js';
import { formatScaled, parseDecimal } from '../../kernel/decimal.js';
import { countWords, moneyWords, pointsWords } from '../../kernel/worded-figures.js';
import { quoted, wording, type Wording } from '../../kernel/wording.js';
import type { Published } from '../../platform/versioned-config/config-snapshot.js';
import type { ProgrammePolicy } from '../../programmes/index.js';
import type { Reward } from '../../redemptions/index.js';
import { from, type TermSection, type TermSentence, type TermSource } from '../terms.js';

/** What points are worth, and for what they may be exchanged. */
export function redeemingSection(
  policy: ProgrammePolicy,
  rewards: readonly Published<Reward>[],
  { currency, source }: { readonly currency: string; readonly source: TermSource | null },
): TermSection {
  const offered = rewards.filter(({ body }) => body.active);
  const sentences: TermSentence[] = [
    ...from(source, ...offBasket(policy, currency)),
    ...offered.flatMap(({ key, version, body }) =>
      from({ kind: 'reward', id: key, version }, rewardWords(body, currency)),
    ),
  ];
  if (sentences.length === 0)
    sentences.push(...from(source, wording('Points cannot be redeemed at this time.', '目前沒有兌換項目。')));
  const least = policy.minValidityDaysOnRestore;
  if (least !== null) {
    const days = countWords(least, 'day', '天');
    const text = wording(
      `Points that come back from a cancelled redemption are valid for at least ${days.en} more.`,
      `取消兌換退回的點數，至少再有 ${days['zh-Hant']}效期。`,
    );
    sentences.push(...from(source, text));
  }
  return { key: 'redeeming', heading: wording('Redeeming points', '如何使用點數'), sentences };
}

function offBasket({ pointsOffBasket: terms }: ProgrammePolicy, currency: string): readonly Wording[] {
  if (!terms) return [];
  const one = moneyWords(BigInt(terms.minorPerPoint), currency);
  const least = pointsWords(terms.minimumPoints);
  const most: Wording[] = [];
  if (terms.maximumPoints !== null) most.push(pointsWords(terms.maximumPoints));
  if (terms.maximumMinor !== null) most.push(moneyWords(BigInt(terms.maximumMinor), currency));
  if (terms.maximumShare !== null) {
    const share = percentOf(terms.maximumShare);
    most.push(wording(`${share} of the purchase`, `消費金額的 ${share}`));
  }
  return [
    wording(
      `1 point takes ${one.en} off a purchase${terms.minimumPoints > 1 ? `, from ${least.en} on` : ''}.`,
      `消費時 1 點可折抵 ${one['zh-Hant']}${terms.minimumPoints > 1 ? `，每次至少 ${least['zh-Hant']}` : ''}。`,
    ),
    ...most.map((limit) =>
      wording(
        `At most ${limit.en} at once.`,
        `每次折抵上限為${/^\d/.test(limit['zh-Hant']) ? ' ' : ''}${limit['zh-Hant']}。`,
      ),
    ),
  ];
}

/** A share such as "0.125" as "12.5%". */
function percentOf(share: string): string {
  const { numerator, denominator } = parseDecimal(share);
  const text = formatScaled(divideFloor(numerator * 10n ** 14n, denominator), 12);
  return `${text.replace(/\.?0+$/, '')}%`;
}

function rewardWords({ name, points, discountMinor, stocked }: Reward, currency: string): Wording {
  const [title, price, off] = [
    quoted(name),
    pointsWords(points),
    moneyWords(BigInt(discountMinor), currency),
  ];
  return wording(
    `${title.en}: ${price.en}${discountMinor > 0 ? `, for ${off.en} off a purchase` : ''}${stocked ? ', while stocks last' : ''}.`,
    `${title['zh-Hant']}：${price['zh-Hant']}${discountMinor > 0 ? `，消費折抵 ${off['zh-Hant']}` : ''}${stocked ? '，換完為止' : ''}。`,
  );
}
