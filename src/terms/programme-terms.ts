import { earningRulesInForce, isRunning, ruleWordsOf } from '../earning/index.js';
import type { Instant } from '../kernel/time.js';
import { quoted, wording } from '../kernel/wording.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { PROGRAMME_POLICY_KEY, programmePolicyInForce, programmePolicyKind } from '../programmes/index.js';
import { rewardKind } from '../redemptions/index.js';
import { tierSetInForce } from '../tiers/index.js';
import { earningSection, earningWarnings } from './sections/earning.js';
import { expirySection, usableSection } from './sections/points.js';
import { redeemingSection } from './sections/redeeming.js';
import {
  closingSection,
  householdsSection,
  returnsSection,
  transfersSection,
} from './sections/rules-of-accounts.js';
import { tiersSection } from './sections/tiers.js';
import { from, type Terms, type TermSection, type TermSource } from './terms.js';

/** The terms of a programme as its published configuration has them at an instant. */
export function programmeTerms(config: ConfigSnapshot, name: string, at: Instant): Terms {
  const policy = programmePolicyInForce(config, at);
  const published = config.find(programmePolicyKind, PROGRAMME_POLICY_KEY, at);
  const source: TermSource | null = published
    ? { kind: programmePolicyKind.name, id: published.key, version: published.version }
    : null;
  const words = ruleWordsOf(config, at);
  const { currency, timeZone: zone } = config;
  const rules = earningRulesInForce(config, at).filter(({ rule }) => isRunning(rule, at));
  const sections: readonly (TermSection | null)[] = [
    earningSection(rules, words, { zone, pointsPay: policy.pointsOffBasket !== null }),
    usableSection(policy, source),
    expirySection(policy, words.tierName, source),
    tiersSection(tierSetInForce(config, at), currency, policy.onReturn),
    redeemingSection(policy, byPrice(config.inForce(rewardKind, at)), { currency, source }),
    returnsSection(policy, source),
    transfersSection(policy, source),
    householdsSection(),
    closingSection(policy, source),
  ];
  const title = wording(`Terms of ${name}`, `${name}會員辦法`);
  return { title, sections: withPointName(sections, policy.pointName), warnings: earningWarnings(rules) };
}

/** The cheapest first, as a catalogue has them. */
function byPrice<T extends { readonly body: { readonly points: number } }>(
  rewards: readonly T[],
): readonly T[] {
  return rewards.toSorted((a, b) => a.body.points - b.body.points);
}

/** What "points" and 「點」 in the sentences mean, where members call them otherwise. */
const USUAL_NAMES = ['點', '點數', 'point', 'points'];

function withPointName(sections: readonly (TermSection | null)[], pointName: string): readonly TermSection[] {
  const all = sections.filter((section) => section !== null);
  const [first, ...rest] = all;
  if (!first || USUAL_NAMES.includes(pointName.toLowerCase())) return all;
  const name = quoted(pointName);
  const said = wording(`The programme calls its points ${name.en}.`, `本計畫的點數稱為${name['zh-Hant']}。`);
  return [{ ...first, sentences: [...from(null, said), ...first.sentences] }, ...rest];
}
