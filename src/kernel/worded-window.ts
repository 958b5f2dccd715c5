import { countWords, monthWords } from './worded-figures.js';
import { wording, type Wording } from './wording.js';

/** What sentences need of a window. */
export type WordedWindow = {
  readonly type: string;
  readonly unit?: string;
  readonly firstMonth?: number;
  readonly months?: number;
  readonly days?: number;
};

const UNITS: Readonly<Record<string, Wording>> = {
  day: wording('in the day', '當日'),
  week: wording('in the calendar week', '當週'),
  month: wording('in the calendar month', '當月'),
  quarter: wording('in the calendar quarter', '當季'),
  half: wording('in the half of the year', '當半年'),
  year: wording('in the calendar year', '當年'),
};

/** When something is counted: "in the calendar year", "in the last 12 months". */
export function windowWords(window: WordedWindow): Wording {
  if (window.type === 'calendar') {
    if (window.unit === 'fiscalYear') {
      const first = monthWords(window.firstMonth ?? 1);
      return wording(`in the year that begins in ${first.en}`, `自 ${first['zh-Hant']}起算的年度內`);
    }
    return UNITS[window.unit ?? ''] ?? wording(`in the ${window.unit}`, `${window.unit} 內`);
  }
  if (window.type === 'membershipYear') return wording('in the membership year', '會員年度內');
  if (window.type !== 'rolling') return wording('since the enrolment', '入會以來');
  const parts = [
    ...(window.months === undefined ? [] : [countWords(window.months, 'month', '個月')]),
    ...(window.days === undefined ? [] : [countWords(window.days, 'day', '天')]),
  ];
  return wording(
    `in the last ${parts.map(({ en }) => en).join(' and ')}`,
    `最近 ${parts.map((part) => part['zh-Hant']).join('又 ')}內`,
  );
}
