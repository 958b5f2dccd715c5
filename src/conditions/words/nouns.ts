import { quoted, wording, type Wording } from '../../kernel/wording.js';
import { subjectOf } from '../vocabulary.js';

/** How a value is written and compared in words. */
export type NounKind = 'text' | 'money' | 'number' | 'tier' | 'date' | 'weekday' | 'month' | 'hour' | 'flag';

/** What a condition reads, as people call it. */
export interface Noun {
  readonly words: Wording;
  readonly kind: NounKind;
  /** Of a flag: how it reads when it holds, and when it does not. */
  readonly holds?: Wording;
  readonly holdsNot?: Wording;
}

const noun = (en: string, zh: string, kind: NounKind): Noun => ({ words: wording(en, zh), kind });

const FIELDS: Readonly<Record<string, Noun>> = {
  'receipt.amountMinor': noun('the amount of the receipt', '消費金額', 'money'),
  'receipt.netMinor': noun('the amount of the receipt without tax', '未稅消費金額', 'money'),
  'receipt.lineCount': noun('the number of lines', '明細筆數', 'number'),
  'receipt.categoryCount': noun('the number of categories', '品類數', 'number'),
  'receipt.source': noun('the source', '來源', 'text'),
  'receipt.channel': noun('the channel', '通路', 'text'),
  'line.sku': noun('the article', '商品編號', 'text'),
  'line.category': noun('the category', '品類', 'text'),
  'line.brand': noun('the brand', '品牌', 'text'),
  'line.amountMinor': noun('the amount of the line', '該項金額', 'money'),
  'line.netMinor': noun('the amount of the line without tax', '該項未稅金額', 'money'),
  'line.quantity': noun('the quantity', '數量', 'number'),
  'member.tier': noun('the tier', '會員等級', 'tier'),
  'member.hasBirthDate': {
    ...noun('whether the birth date is known', '是否有生日資料', 'flag'),
    holds: wording('the birth date is known', '已登記生日'),
    holdsNot: wording('the birth date is not known', '未登記生日'),
  },
  'member.age': noun('the age', '年齡', 'number'),
  'member.birthMonth': noun('the month of birth', '生日月份', 'month'),
  'member.birthDay': noun('the day of birth', '生日日期', 'number'),
  'member.daysEnrolled': noun('the days since enrolment', '入會天數', 'number'),
  'time.date': noun('the day', '日期', 'date'),
  'time.year': noun('the year', '年份', 'number'),
  'time.month': noun('the month', '月份', 'month'),
  'time.day': noun('the day of the month', '日', 'number'),
  'time.weekday': noun('the weekday', '星期', 'weekday'),
  'time.hour': noun('the hour', '時段', 'hour'),
  'time.minute': noun('the minute', '分', 'number'),
};

const OWNERS: Readonly<Record<string, Wording>> = {
  receipt: wording('of the receipt', '收據'),
  line: wording('of the line', '明細'),
  member: wording('of the member', '會員'),
  activity: wording('of the activity', '活動'),
};

/** A field; one without a name here has its description of the vocabulary. */
export function fieldNoun(subject: string, field: string): Noun | null {
  const known = FIELDS[`${subject}.${field}`];
  if (known) return known;
  const described = subjectOf(subject)?.fields[field];
  if (!described) return null;
  const first = (text: string) => text.split(/[;；（(]/)[0]?.trim() ?? text;
  const words = wording(first(described.en), first(described.zh));
  if (described.type !== 'bool') {
    const isMoney = field.endsWith('Minor');
    return { words, kind: isMoney ? 'money' : described.type === 'string' ? 'text' : 'number' };
  }
  return { words, kind: 'flag', ...said(words) };
}

/** A method with its one text, such as `paidWith("cash")`. */
export function methodNoun(subject: string, method: string, text: string): Noun | null {
  const name = quoted(text);
  switch (method) {
    case 'text':
    case 'number':
      return { words: attribute(subject, name), kind: method };
    case 'flag': {
      const words = attribute(subject, name);
      return {
        ...{ words, kind: 'flag' },
        holds: wording(`${words.en} is true`, `${words['zh-Hant']}為是`),
        holdsNot: wording(`${words.en} is not true`, `${words['zh-Hant']}不為是`),
      };
    }
    case 'hasCategory': {
      const goods = `goods of category ${name.en}`;
      return {
        ...noun(`whether the receipt has ${goods}`, `是否有${name['zh-Hant']}品類的商品`, 'flag'),
        holds: wording(`the receipt has ${goods}`, `含有${name['zh-Hant']}品類的商品`),
        holdsNot: wording(`the receipt has no ${goods}`, `不含${name['zh-Hant']}品類的商品`),
      };
    }
    case 'amountOf':
      return noun(`the amount in category ${name.en}`, `${name['zh-Hant']}品類的金額`, 'money');
    case 'paidWith':
      return noun(`the amount paid with ${name.en}`, `以${name['zh-Hant']}支付的金額`, 'money');
    default:
      return described(subject, method, name);
  }
}

function described(subject: string, method: string, name: Wording): Noun | null {
  const of = subjectOf(subject)?.methods[method];
  if (!of) return null;
  const words = wording(`${of.en.split(';')[0]}: ${name.en}`, `${of.zh.split('；')[0]}：${name['zh-Hant']}`);
  if (of.type === 'bool') return { words, kind: 'flag', ...said(words) };
  return { words, kind: of.type === 'string' ? 'text' : 'number' };
}

function said(words: Wording): Pick<Noun, 'holds' | 'holdsNot'> {
  return {
    holds: wording(`it is so (${words.en})`, `${words['zh-Hant']}：是`),
    holdsNot: wording(`it is not so (${words.en})`, `${words['zh-Hant']}：否`),
  };
}

function attribute(subject: string, name: Wording): Wording {
  const owner = OWNERS[subject] ?? wording('', '');
  return wording(`the attribute ${name.en} ${owner.en}`.trim(), `${owner['zh-Hant']}屬性${name['zh-Hant']}`);
}
