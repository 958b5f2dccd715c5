import { moneyWords, pointsWords } from '../../kernel/worded-figures.js';
import { windowWords } from '../../kernel/worded-window.js';
import type { Published } from '../../platform/versioned-config/config-snapshot.js';
import { wording } from '../../kernel/wording.js';
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
  const basis =
    measure === 'spend'
      ? wording(`The tier goes by what was spent ${over.en}.`, `會員等級依${over['zh-Hant']}的消費金額而定。`)
      : wording(
          `The tier goes by the points earned by purchases ${over.en}.`,
          `會員等級依${over['zh-Hant']}消費所得的點數而定。`,
        );
  const rungs = tiers.map(({ name, threshold }) => {
    if (threshold === 0) return wording(`${name}: from the beginning.`, `${name}：入會即為此等級。`);
    const least = measure === 'spend' ? moneyWords(BigInt(threshold), currency) : pointsWords(threshold);
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
