import { formatMinor } from './money.js';
import type { LocalDate } from './time.js';
import { wording, type Wording } from './wording.js';

/** Money in the programme's currency, exact: NT$1,050 and 1,050 元; for other currencies USD 10.50. @param minor minor units */
export function moneyWords(minor: bigint, currency: string): Wording {
  const [whole = '', fraction = ''] = formatMinor(minor < 0n ? -minor : minor, currency).split('.');
  const isTaiwan = currency === 'TWD';
  const tail = fraction === '' || (isTaiwan && /^0+$/.test(fraction)) ? '' : `.${fraction}`;
  const amount = `${grouped(whole)}${tail}`;
  const sign = minor < 0n ? '-' : '';
  if (!isTaiwan) return wording(`${sign}${currency} ${amount}`, `${sign}${currency} ${amount}`);
  return wording(`${sign}NT$${amount}`, `${sign}${amount} 元`);
}

/** "1 point", "1,260 points"; 「1,260 點」. */
export function pointsWords(points: number): Wording {
  const amount = numberText(points);
  return wording(`${amount} ${points === 1 || points === -1 ? 'point' : 'points'}`, `${amount} 點`);
}

/** A whole number with its thousands apart. */
export function numberText(value: number | bigint): string {
  const text = value.toString();
  return text.startsWith('-') ? `-${grouped(text.slice(1))}` : grouped(text);
}

/** So many of something that English counts with an s: "1 day", "7 days". */
export function countWords(count: number, one: string, zhUnit: string): Wording {
  const amount = numberText(count);
  return wording(`${amount} ${one}${count === 1 ? '' : 's'}`, `${amount} ${zhUnit}`);
}

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

/** A month of the year, 1 to 12. */
export function monthWords(month: number): Wording {
  return wording(MONTHS[month - 1] ?? String(month), `${month} 月`);
}

const WEEKDAYS = [
  wording('Monday', '週一'),
  wording('Tuesday', '週二'),
  wording('Wednesday', '週三'),
  wording('Thursday', '週四'),
  wording('Friday', '週五'),
  wording('Saturday', '週六'),
  wording('Sunday', '週日'),
];

/** A day of the week, 1 Monday to 7 Sunday; undefined for another number. */
export function weekdayWords(weekday: number): Wording | undefined {
  return WEEKDAYS[weekday - 1];
}

/** A day such as 2026-11-01, or of every year such as 12-31. */
export function dayWords(day: LocalDate): Wording {
  const [date = '', month = '', year] = day.split('-').toReversed();
  const [d, m] = [Number(date), Number(month)];
  if (year === undefined) return wording(`${d} ${monthWords(m).en}`, `${m} 月 ${d} 日`);
  return wording(`${d} ${monthWords(m).en} ${year}`, `${year} 年 ${m} 月 ${d} 日`);
}

function grouped(digits: string): string {
  return digits.replaceAll(/\B(?=(\d{3})+$)/g, ',');
}
