import { conditionWords, readWords } from './words.js';
import type { WordsContext } from './values.js';

const CONTEXT: WordsContext = {
  currency: 'TWD',
  tierName: (key) => (({ gold: '金卡 Gold' }) as Record<string, string>)[key] ?? key,
};
const words = (text: string, scope: 'receipt' | 'line' = 'receipt') => conditionWords(text, scope, CONTEXT);

describe('a condition in words', () => {
  it.each([
    ['receipt.channel == "web"', 'the channel is “web”', '通路為「web」'],
    ['receipt.channel != "web"', 'the channel is not “web”', '通路不為「web」'],
    [
      'receipt.amountMinor >= 100000',
      'the amount of the receipt is at least NT$1,000',
      '消費金額滿 1,000 元',
    ],
    [
      '100000 <= receipt.amountMinor',
      'the amount of the receipt is at least NT$1,000',
      '消費金額滿 1,000 元',
    ],
    [
      'receipt.amountMinor < 5050',
      'the amount of the receipt is less than NT$50.50',
      '消費金額未滿 50.50 元',
    ],
    ['time.weekday in [6, 7]', 'it is a Saturday or Sunday', '當日為週六或週日'],
    ['time.weekday == 5', 'it is a Friday', '當日為週五'],
    ['time.month == 5', 'the month is May', '月份為 5 月'],
    ['time.date >= "2026-11-01"', 'it is 1 November 2026 or later', '2026 年 11 月 1 日起'],
    ['time.hour < 21', 'it is before 21:00', '21 時以前'],
    ['member.tier == "gold"', 'the member is on tier “金卡 Gold”', '會員等級為「金卡 Gold」'],
    [
      'member.tier in ["gold", "x"]',
      'the member is on tier “金卡 Gold” or “x”',
      '會員等級為「金卡 Gold」或「x」',
    ],
    ['member.birthMonth == time.month', "it is the member's month of birth", '當月為會員生日月份'],
    ['member.age >= 65', 'the age is at least 65', '年齡至少為 65'],
    ['member.hasBirthDate', 'the birth date is known', '已登記生日'],
    ['!member.hasBirthDate', 'the birth date is not known', '未登記生日'],
    ['member.hasBirthDate == false', 'the birth date is not known', '未登記生日'],
    [
      'receipt.paidWith("px_pay") > 0',
      'the amount paid with “px_pay” is more than nothing',
      '有以「px_pay」支付的金額',
    ],
    [
      'receipt.hasCategory("bakery")',
      'the receipt has goods of category “bakery”',
      '含有「bakery」品類的商品',
    ],
    [
      'receipt.text("store") == ""',
      'the attribute “store” of the receipt is empty',
      '收據屬性「store」為空白',
    ],
    [
      'member.number("kids") >= decimal("2")',
      'the attribute “kids” of the member is at least 2',
      '會員屬性「kids」至少為 2',
    ],
    [
      'receipt.lines.exists(l, l.brand == "A")',
      'at least one line meets (the brand is “A”)',
      '至少一項商品符合（品牌為「A」）',
    ],
    [
      'receipt.lineCount % 2 == 0',
      '“receipt.lineCount % 2 == 0” holds',
      '符合「receipt.lineCount % 2 == 0」',
    ],
  ])('%s', (text, en, zh) => {
    expect(words(text)).toEqual({ words: { en, 'zh-Hant': zh }, conditions: 1 });
  });

  it('joins its parts, with brackets where "and" meets "or", and counts them', () => {
    expect(
      words('receipt.channel == "web" && (member.age < 20 || member.age >= 65) && time.day == 1'),
    ).toEqual({
      words: {
        en: 'the channel is “web”, (the age is less than 20 or the age is at least 65) and the day of the month is 1',
        'zh-Hant': '通路為「web」，且（年齡小於 20，或年齡至少為 65），且日為 1',
      },
      conditions: 4,
    });
  });

  it('of a line names the line', () => {
    expect(words('line.quantity >= decimal("2.5")', 'line').words.en).toBe('the quantity is at least 2.5');
  });
});

describe('what a condition read', () => {
  it.each([
    ['receipt.channel', 'store', 'the channel is “store”', '通路為「store」'],
    ['receipt.amountMinor', '99900', 'the amount of the receipt is NT$999', '消費金額為 999 元'],
    ['receipt.paidWith("cash")', '0', 'the amount paid with “cash” is NT$0', '以「cash」支付的金額為 0 元'],
    ['member.age', null, 'the age is not known', '年齡未知'],
    ['member.hasBirthDate', false, 'the birth date is not known', '未登記生日'],
    ['member.tier', 'gold', 'the member is on tier “金卡 Gold”', '會員等級為「金卡 Gold」'],
    ['time.weekday', '2', 'the weekday is Tuesday', '星期為週二'],
    ['time.date', '2026-11-22', 'the day is 22 November 2026', '日期為 2026 年 11 月 22 日'],
  ])('%s %s', (key, value, en, zh) => {
    expect(readWords(key, value, 'receipt', CONTEXT)).toEqual({ en, 'zh-Hant': zh });
  });
});
