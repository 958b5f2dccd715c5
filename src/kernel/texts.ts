/** White space at an end; kinds of space within, which look alike to a reader; and invisible characters. */
const AT_AN_END = /^\s|\s$/u;
const OTHER_SPACE = /[^\S \u3000]/u;
/** Those named by number are drawn as nothing, though Unicode calls them marks or symbols. */
const INVISIBLE =
  /[\u{16fe4}\p{Cc}\p{Cf}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{2800}\u{fffc}\u{1d159}]/u;

const SPACE = 32;
const LAST_VISIBLE = 126;

/**
 * Whether a text is visible ASCII, perhaps with plain spaces within: most keys are, and nothing needs to be normalised
 * there. Read code by code, which is several times faster than a pattern; each receipt has a dozen keys.
 */
function isPlain(text: string): boolean {
  const last = text.length - 1;
  for (let index = 0; index <= last; index += 1) {
    const code = text.charCodeAt(index);
    if (code > LAST_VISIBLE || code < SPACE || (code === SPACE && (index === 0 || index === last)))
      return false;
  }
  return last >= 0;
}

/** Why a text is no key. */
export type KeyTextFault = 'empty' | 'tooLong' | 'spaceAtEnd' | 'invisible';

/** The form in which a key is kept and compared: NFC, so that one accent is one accent however it was typed. */
export function keyForm(text: string): string {
  return isPlain(text) ? text : text.normalize('NFC');
}

/**
 * What keeps a text from being a key: something that another system compares with it (a number of a receipt, an
 * external id, a code). Two keys that look alike must be alike.
 * @param text in its `keyForm`.
 * @param max characters, counted as people count them: a rare ideograph is one.
 */
export function keyTextFault(text: string, max: number): KeyTextFault | null {
  if (isPlain(text)) return text.length > max ? 'tooLong' : null;
  if (text === '') return 'empty';
  if (AT_AN_END.test(text)) return 'spaceAtEnd';
  if (INVISIBLE.test(text) || OTHER_SPACE.test(text)) return 'invisible';
  return text.length > max && [...text].length > max ? 'tooLong' : null;
}

/** Characters that end a line, control a device or turn the direction of a text; joiners within emoji are none. */
const NOT_IN_NAMES = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u{202a}-\u{202e}\u{2066}-\u{2069}]/u;

/**
 * Whether a text can be a name that people read (of a key, a programme, a reason): something is seen in it, and it
 * looks the same in a list, a log and a CSV file.
 * @param max characters, counted as people count them: a rare ideograph is one.
 */
export function isName(text: string, max: number): boolean {
  if (AT_AN_END.test(text) || NOT_IN_NAMES.test(text) || seenOf(text) === '') return false;
  return text.length <= max || [...text].length <= max;
}

/** What is wrong with a key, as the rest of a sentence that begins with its name. */
export function keyTextReason(fault: KeyTextFault, max: number): string {
  switch (fault) {
    case 'empty':
      return 'is blank';
    case 'tooLong':
      return `has more than ${max} characters`;
    case 'spaceAtEnd':
      return 'begins or ends with white space';
    case 'invisible':
      return 'holds a tab, a line break, or an invisible character';
  }
}

/** A key as it is compared where its case means nothing: a type of identity, an address of e-mail. */
export function folded(text: string): string {
  return keyForm(text).toLowerCase();
}

/**
 * A word that rules know things by (a category, the type of a tender, the name of an event) as it is compared. What
 * was kept before the ends of words were looked at is trimmed here.
 */
export function wordForm(text: string): string {
  const known = WORDS.get(text);
  if (known !== undefined) return known;
  const form = folded(text).trim();
  if (WORDS.size < WORDS_LIMIT && text.length <= WORD_LENGTH) WORDS.set(text, form);
  return form;
}

/** The same few words come with every receipt and are asked for by every rule; how many are kept is bounded. */
const WORDS = new Map<string, string>();
const WORDS_LIMIT = 10_000;
const WORD_LENGTH = 100;

/** What is seen of a key that was taken before keys had rules: without its ends and all that shows nothing. */
export function seenOf(text: string): string {
  const visible = keyForm(text).replaceAll(new RegExp(INVISIBLE, 'gu'), '');
  return visible.replaceAll(new RegExp(OTHER_SPACE, 'gu'), ' ').trim();
}
