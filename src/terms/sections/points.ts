import { countWords, pointsWords } from '../../kernel/worded-figures.js';
import { expiryWords, pendingWords } from '../../kernel/worded-policies.js';
import { wording, type Wording } from '../../kernel/wording.js';
import type { ProgrammePolicy } from '../../programmes/index.js';
import { from, type TermSection, type TermSource } from '../terms.js';

/** From when on points may be used, and how many a balance holds. */
export function usableSection(policy: ProgrammePolicy, source: TermSource | null): TermSection {
  const usable = pendingWords(policy.pending);
  const most = policy.maximumBalance === null ? null : pointsWords(policy.maximumBalance);
  return {
    key: 'usable',
    heading: wording('When points can be used', '點數何時可用'),
    sentences: from(
      source,
      wording(`Points ${usable.en}.`, `點數${usable['zh-Hant']}。`),
      ...(most
        ? [
            wording(
              `A balance holds at most ${most.en}; what goes beyond is not given.`,
              `點數餘額最多 ${most['zh-Hant']}，超過的部分不給。`,
            ),
          ]
        : []),
    ),
  };
}

/** How long points live. */
export function expirySection(
  { expiry, tierExpiry, announceExpiryDays }: ProgrammePolicy,
  tierName: (key: string) => string,
  source: TermSource | null,
): TermSection {
  const general = expiryWords(expiry);
  const byTier = Object.entries(tierExpiry).map(([tier, own]): Wording => {
    const words = expiryWords(own);
    return wording(
      `On tier ${tierName(tier)} points ${words.en}.`,
      `${tierName(tier)}會員的點數${words['zh-Hant']}。`,
    );
  });
  const ahead = countWords(announceExpiryDays, 'day', '天');
  const mayEnd = expiry.type !== 'never' || byTier.length > 0;
  return {
    key: 'expiry',
    heading: wording('When points expire', '點數效期'),
    sentences: from(
      source,
      wording(`Points ${general.en}.`, `點數${general['zh-Hant']}。`),
      ...byTier,
      ...(mayEnd ? [wording('Points that expire first are used first.', '先到期的點數先使用。')] : []),
      ...(mayEnd && announceExpiryDays > 0
        ? [
            wording(
              `Points that are about to expire are announced ${ahead.en} ahead.`,
              `點數到期前 ${ahead['zh-Hant']}會通知。`,
            ),
          ]
        : []),
    ),
  };
}
