import { dayWords, weekdayWords } from '../../kernel/worded-figures.js';
import { listed, wording, type Wording } from '../../kernel/wording.js';
import type { RuleSchedule } from '../domain/rule-schedule.js';

/** When a rule gives points, a sentence for each kind of restriction. */
export function scheduleSentences({
  weekdays,
  hours,
  recurrences,
  blackOuts,
}: RuleSchedule): readonly Wording[] {
  const sentences: Wording[] = [];
  if (weekdays.length > 0) {
    const days = listed(weekdays.map((day) => weekdayWords(day) ?? wording(String(day), String(day))));
    sentences.push(wording(`It applies on ${days.en} only.`, `限${days['zh-Hant']}。`));
  }
  if (hours.length > 0) {
    const spans = listed(hours.map(({ from, to }) => wording(`from ${from} to ${to}`, `${from} 至 ${to}`)));
    sentences.push(wording(`It applies ${spans.en} only.`, `限 ${spans['zh-Hant']}。`));
  }
  for (const { startsOn, rule } of recurrences) {
    const day = dayWords(startsOn);
    sentences.push(
      wording(
        `It applies from ${day.en} on, on the days of “${rule}” only.`,
        `自 ${day['zh-Hant']}起，限「${rule}」所列的日子。`,
      ),
    );
  }
  for (const { from, until } of blackOuts) {
    const [first, last] = [dayWords(from), dayWords(until)];
    sentences.push(
      wording(
        `It does not apply from ${first.en} through ${last.en}.`,
        `${first['zh-Hant']}至 ${last['zh-Hant']}不適用。`,
      ),
    );
  }
  return sentences;
}
