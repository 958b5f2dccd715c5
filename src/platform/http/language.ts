/** Languages in which the title of a problem can be answered; the first is the default. */
export const LANGUAGES = ['en', 'zh-Hant'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The beginnings of language ranges that a language answers: Chinese of the places that write traditional characters. */
const RANGES: Readonly<Record<Language, RegExp>> = {
  en: /^(?:\*$|en(?:-|$))/i,
  'zh-Hant': /^zh(?:$|-(?:hant|tw|hk|mo)(?:-|$))/i,
};

/** `q=0` refuses a range; no weight is 1 (RFC 9110, 12.4.2). */
const WEIGHT = /^q=(0(?:\.\d{1,3})?|1(?:\.0{1,3})?)$/i;

/**
 * The language that `Accept-Language` prefers (RFC 9110, 12.5.4), of equal weights the first.
 * @param header absent where the caller names none.
 */
export function languageOf(header: string | undefined): Language {
  if (header === undefined) return LANGUAGES[0];
  let found: { readonly language: Language; readonly weight: number } = { language: LANGUAGES[0], weight: 0 };
  for (const item of header.split(',')) {
    const [range = '', ...parameters] = item.split(';').map((part) => part.trim());
    const language = LANGUAGES.find((one) => RANGES[one].test(range));
    const weight = weightOf(parameters);
    if (language !== undefined && weight > found.weight) found = { language, weight };
  }
  return found.language;
}

function weightOf(parameters: readonly string[]): number {
  if (parameters.length === 0) return 1;
  return Number(WEIGHT.exec(parameters[0] ?? '')?.[1] ?? 0);
}

/** What an answer says of the language of its title, and that another caller may get another one. */
export function languageHeaders(language: Language): Readonly<Record<string, string>> {
  return { 'Content-Language': language, Vary: 'Accept-Language' };
}
