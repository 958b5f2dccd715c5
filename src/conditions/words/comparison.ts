import { listed, wording, type Wording } from '../../kernel/wording.js';
import type { Noun, NounKind } from './nouns.js';

type Phrase = (subject: Wording, value: Wording) => Wording;

const IS: Phrase = (s, v) => wording(`${s.en} is ${v.en}`, `${s['zh-Hant']}為${apart(v)}`);

const PLAIN: Readonly<Record<string, Phrase>> = {
  '==': IS,
  '!=': (s, v) => wording(`${s.en} is not ${v.en}`, `${s['zh-Hant']}不為${apart(v)}`),
  '<': (s, v) => wording(`${s.en} is less than ${v.en}`, `${s['zh-Hant']}未滿${apart(v)}`),
  '<=': (s, v) => wording(`${s.en} is at most ${v.en}`, `${s['zh-Hant']}不超過${apart(v)}`),
  '>': (s, v) => wording(`${s.en} is more than ${v.en}`, `${s['zh-Hant']}超過${apart(v)}`),
  '>=': (s, v) => wording(`${s.en} is at least ${v.en}`, `${s['zh-Hant']}滿${apart(v)}`),
  // Money of which there is any.
  something: (s) => wording(`${s.en} is more than nothing`, `有${s['zh-Hant']}`),
};

/** What reads better than the plain phrase, by the kind of the noun. */
const SPECIAL: Partial<Record<NounKind, Readonly<Record<string, Phrase>>>> = {
  date: {
    '==': (_, v) => wording(`it is ${v.en}`, `當日為 ${v['zh-Hant']}`),
    '<': (_, v) => wording(`it is before ${v.en}`, `${v['zh-Hant']}以前（不含當日）`),
    '<=': (_, v) => wording(`it is ${v.en} or before`, `${v['zh-Hant']}以前（含當日）`),
    '>': (_, v) => wording(`it is after ${v.en}`, `${v['zh-Hant']}以後（不含當日）`),
    '>=': (_, v) => wording(`it is ${v.en} or later`, `${v['zh-Hant']}起`),
  },
  hour: {
    '==': (_, v) => wording(`it is in the hour from ${v.en}`, `在 ${v['zh-Hant']}的一小時內`),
    '<': (_, v) => wording(`it is before ${v.en}`, `${v['zh-Hant']}以前`),
    '>=': (_, v) => wording(`it is ${v.en} or later`, `${v['zh-Hant']}起`),
  },
  weekday: {
    '==': (_, v) => wording(`it is a ${v.en}`, `當日為${v['zh-Hant']}`),
    '!=': (_, v) => wording(`it is not a ${v.en}`, `當日不是${v['zh-Hant']}`),
  },
  tier: {
    '==': (_, v) => wording(`the member is on tier ${v.en}`, `會員等級為${v['zh-Hant']}`),
    '!=': (_, v) => wording(`the member is not on tier ${v.en}`, `會員等級不為${v['zh-Hant']}`),
  },
  number: {
    '<': (s, v) => wording(`${s.en} is less than ${v.en}`, `${s['zh-Hant']}小於${apart(v)}`),
    '>': (s, v) => wording(`${s.en} is more than ${v.en}`, `${s['zh-Hant']}大於${apart(v)}`),
    '>=': (s, v) => wording(`${s.en} is at least ${v.en}`, `${s['zh-Hant']}至少為${apart(v)}`),
  },
};

/** "the channel is “web”". @param op of CEL, or `something` for money above 0 */
export function compared(noun: Noun, op: string, value: Wording, literal?: string | bigint): Wording {
  const special = literal === undefined && noun.kind !== 'tier' ? undefined : SPECIAL[noun.kind]?.[op];
  const phrase = special ?? PLAIN[op] ?? IS;
  return phrase(noun.words, value);
}

/** "the channel is “web” or “app”". */
export function within(noun: Noun, values: readonly Wording[]): Wording {
  const either = listed(values, 'or');
  switch (noun.kind) {
    case 'weekday':
      return wording(`it is a ${either.en}`, `當日為${either['zh-Hant']}`);
    case 'tier':
      return wording(`the member is on tier ${either.en}`, `會員等級為${either['zh-Hant']}`);
    default:
      return wording(`${noun.words.en} is ${either.en}`, `${noun.words['zh-Hant']}為${apart(either)}`);
  }
}

/** A blank between Chinese and a figure or Latin letters, none before a quotation mark. */
function apart(value: Wording): string {
  const text = value['zh-Hant'];
  return /^[\w-]/.test(text) ? ` ${text}` : text;
}

/** A month against a month: the member's own and the receipt's. */
export const BIRTH_MONTH = wording("it is the member's month of birth", '當月為會員生日月份');

/** Conditions that all, or one of them, must hold. */
export function clauses(parts: readonly Wording[], op: '&&' | '||'): Wording {
  const zh = parts.map((part) => part['zh-Hant']).join(op === '&&' ? '，且' : '，或');
  return wording(listed(parts, op === '&&' ? 'and' : 'or').en, zh);
}
