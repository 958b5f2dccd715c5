import {
  conditionCount,
  MAX_PLAIN_CONDITIONS,
  ruleSentences,
  type RuleInForce,
  type RuleWords,
} from '../../earning/index.js';
import { dayWords } from '../../kernel/worded-figures.js';
import { expiryWords, pendingWords } from '../../kernel/worded-policies.js';
import { addToDate, localDate, parseInstant, startOfDay } from '../../kernel/time.js';
import { inARow, wording, type Wording } from '../../kernel/wording.js';
import { from, type TermSection, type TermSentence, type TermSource, type TermWarning } from '../terms.js';

const KIND = 'earning-rule';

/** How a member earns, a rule after the other. */
export function earningSection(
  rules: readonly RuleInForce[],
  words: RuleWords,
  { zone, pointsPay }: { readonly zone: string; readonly pointsPay: boolean },
): TermSection {
  const sentences = rules.map(({ ref, rule }): TermSentence => {
    const pending = rule.pending && pendingWords(rule.pending);
    const expiry = rule.expiry && expiryWords(rule.expiry);
    const texts = [
      ...ruleSentences(rule, words),
      ...(pending ? [wording(`These points ${pending.en}.`, `這些點數${pending['zh-Hant']}。`)] : []),
      ...(expiry ? [wording(`These points ${expiry.en}.`, `這些點數${expiry['zh-Hant']}。`)] : []),
      ...(rule.endsAt === null ? [] : [endWords(rule.endsAt, zone)]),
    ];
    return { text: inARow(texts), source: sourceOf(ref) };
  });
  const general =
    rules.length === 0
      ? [wording('No rule gives points at this time.', '目前沒有給點的規則。')]
      : [
          ...(rules.length > 1
            ? [wording('What several rules give is added up.', '同時符合多條規則時，點數合計。')]
            : []),
          ...(pointsPay && rules.every(({ rule }) => !rule.earnOnPointsPaid)
            ? [wording('What is paid with points earns no points.', '以點數折抵的金額不給點。')]
            : []),
          wording(
            'Gift cards, deposits and bills that are paid for others earn no points, unless a rule names them.',
            '除規則另有指明外，禮券、押金與代收款項不給點。',
          ),
        ];
  return {
    key: 'earning',
    heading: wording('Earning points', '如何累積點數'),
    sentences: [...sentences, ...from(null, ...general)],
  };
}

/** Rules that a member will hardly understand. */
export function earningWarnings(rules: readonly RuleInForce[]): readonly TermWarning[] {
  return rules.flatMap(({ ref, rule }) => {
    const warning = hardToExplain(rule);
    return warning ? [{ code: 'HARD_TO_EXPLAIN' as const, ...sourceOf(ref), detail: warning }] : [];
  });
}

function hardToExplain(rule: Parameters<typeof conditionCount>[0]): Wording | null {
  const count = conditionCount(rule);
  if (count <= MAX_PLAIN_CONDITIONS) return null;
  return wording(
    `The rule takes ${count} conditions to explain; more than ${MAX_PLAIN_CONDITIONS} are hard to explain to a member.`,
    `這條規則需要 ${count} 個條件才能說明；超過 ${MAX_PLAIN_CONDITIONS} 個就難以向會員解釋。`,
  );
}

function sourceOf({ id, version }: { readonly id: string; readonly version: number }): TermSource {
  return { kind: KIND, id, version };
}

function endWords(endsAt: string, zone: string): Wording {
  const instant = parseInstant(endsAt) ?? 0;
  const day = localDate(instant, zone);
  if (startOfDay(day, zone) === instant) {
    const last = dayWords(addToDate(day, { days: -1 }));
    return wording(`It runs through ${last.en}.`, `實施至 ${last['zh-Hant']}（含當日）。`);
  }
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
  }).format(instant);
  const on = dayWords(day);
  return wording(`It ends on ${on.en} at ${time}.`, `實施至 ${on['zh-Hant']} ${time} 為止。`);
}
