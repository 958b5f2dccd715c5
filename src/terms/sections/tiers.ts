import { moneyWords, pointsWords } from '../../kernel/worded-figures.js';
import { windowWords } from '../../kernel/worded-window.js';
import type { Published } from '../../platform/versioned-config/config-snapshot.js';
import { wording, type Wording } from '../../kernel/wording.js';
import type { TierSet } from '../../tiers/index.js';
import { from, type TermSection } from '../terms.js';

/** How tiers are reached; null without a ladder. */
export function tiersSection(
  ladder: Published<TierSet> | undefined,
  currency: string,
  onReturn: string,
): TermSection | null {
  if (!ladder) return null;
  const { measure, window, tiers } = ladder.body;
  const over = windowWords(window);
  const basis = basisOf(measure, over);
  const rungs = tiers.map(({ name, threshold }) => {
    if (threshold === 0) return wording(`${name}: from the beginning.`, `${name}：入會即為此等級。`);
    const least = leastWords(measure, threshold, currency);
    return wording(`${name}: from ${least.en} on.`, `${name}：滿 ${least['zh-Hant']}。`);
  });
  const returned =
    onReturn === 'keep'
      ? wording('A promotion stays when goods are returned later.', '升等後即使退貨，等級仍保留。')
      : wording(
          'A promotion that only returned goods had brought about is taken back.',
          '若升等完全來自之後退貨的消費，等級會隨退貨調回。',
        );
  const general = [
    wording('A tier holds from the purchase on that reaches it.', '自達到門檻的那筆消費起升等。'),
    returned,
  ];
  return {
    key: 'tiers',
    heading: wording('Tiers', '會員等級'),
    sentences: from(
      { kind: 'tier-set', id: ladder.key, version: ladder.version },
      ...[basis, ...rungs, ...(tiers.length > 1 ? general : [])],
    ),
  };
}

function basisOf(measure: TierSet['measure'], over: Wording): Wording {
  const { en, 'zh-Hant': zh } = over;
  switch (measure) {
    case 'spend':
      return wording(`The tier goes by what was spent ${en}.`, `會員等級依${zh}的消費金額而定。`);
    case 'points':
      return wording(
        `The tier goes by the points earned by purchases ${en}.`,
        `會員等級依${zh}消費所得的點數而定。`,
      );
    case 'status':
      return wording(
        `The tier goes by the status points earned ${en}.`,
        `會員等級依${zh}所得的等級點數而定。`,
      );
  }
}

function leastWords(measure: TierSet['measure'], threshold: number, currency: string): Wording {
  if (measure === 'spend') return moneyWords(BigInt(threshold), currency);
  const points = pointsWords(threshold);
  if (measure === 'points') return points;
  return wording(points.en.replace('point', 'status point'), `等級點數 ${points['zh-Hant']}`);
}
