/** One text in both languages that the engine speaks. */
export interface Wording {
  readonly en: string;
  /** Traditional Chinese as used in Taiwan. */
  readonly 'zh-Hant': string;
}

export function wording(en: string, zhHant: string): Wording {
  return { en, 'zh-Hant': zhHant };
}

/** A text that is the same in both languages, in their quotation marks. */
export function quoted(text: string): Wording {
  return wording(`“${text}”`, `「${text}」`);
}

/** Several as a list: "a, b and c", 「a、b及c」. */
export function listed(items: readonly Wording[], by: 'and' | 'or' = 'and'): Wording {
  const zhBy = by === 'and' ? '及' : '或';
  return wording(
    joined(
      items.map(({ en }) => en),
      ', ',
      ` ${by} `,
    ),
    joined(
      items.map((item) => item['zh-Hant']),
      '、',
      zhBy,
    ),
  );
}

/** Sentences one after the other. */
export function inARow(sentences: readonly Wording[]): Wording {
  return wording(
    sentences.map(({ en }) => en).join(' '),
    sentences.map((sentence) => sentence['zh-Hant']).join(''),
  );
}

function joined(texts: readonly string[], comma: string, last: string): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(comma)}${last}${texts.at(-1)}`;
}
