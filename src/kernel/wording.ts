/** One text in both languages that the engine speaks. */
export interface Wording {
  readonly en: string;
  /** Traditional Chinese as used in Taiwan. */
  readonly 'zh-Hant': string;
}

export function wording(en: string, zhHant: string): Wording {
  return { en, 'zh-Hant': zhHant };
}

/** The same made of both texts of several wordings. */
export function worded(make: (language: keyof Wording) => string): Wording {
  return { en: make('en'), 'zh-Hant': make('zh-Hant') };
}
