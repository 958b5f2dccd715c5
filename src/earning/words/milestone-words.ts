import { windowWords, type WordedWindow } from '../../kernel/worded-window.js';
import { countWords, moneyWords } from '../../kernel/worded-figures.js';
import { wording, type Wording } from '../../kernel/wording.js';
import type { RuleWords } from './worded-rule.js';

/** What sentences need of a milestone. */
export interface WordedMilestone {
  readonly measure?: string;
  readonly window?: WordedWindow;
  readonly step?: number;
  readonly first?: number;
}

/** So much of what a milestone counts: "10 visits", "NT$3,000". */
export function measuredWords(
  { measure }: WordedMilestone,
  measured: number,
  { currency }: Pick<RuleWords, 'currency'>,
): Wording {
  if (measure === 'spend') return moneyWords(BigInt(measured), currency);
  return measure === 'visits'
    ? countWords(measured, 'visit', '個消費日')
    : countWords(measured, 'purchase', '筆消費');
}

/** "for each full NT$3,000 spent in the calendar month, at most 3 times" */
export function stepWords(trigger: WordedMilestone, context: Pick<RuleWords, 'currency'>): Wording {
  const { measure, window, step = 1, first } = trigger;
  const each = measuredWords(trigger, step, context);
  // Nothing counts that was before the rule.
  const when =
    window === undefined || window.type === 'lifetime'
      ? wording('since it began', '活動開始以來')
      : windowWords(window);
  const spent = measure === 'spend' ? ' spent' : '';
  const most = first === undefined ? null : countWords(first, 'time', '次');
  return wording(
    `for each full ${each.en}${spent} ${when.en}${most ? `, at most ${most.en}` : ''}`,
    `${when['zh-Hant']}累計每滿 ${each['zh-Hant']}${most ? `，最多 ${most['zh-Hant']}` : ''}`,
  );
}
