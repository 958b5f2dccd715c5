/** White space at an end; one space or another within, which nobody tells apart by looking; and what shows nothing. */
const AT_AN_END = /^\s|\s$/u;
const OTHER_SPACE = /[^\S \u3000]/u;
/** Those named by number are drawn as nothing, though Unicode calls them marks or symbols. */
const INVISIBLE =
  /[\u{16fe4}\p{Cc}\p{Cf}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{2800}\u{fffc}\u{1d159}]/u;

/** Most keys: visible ASCII with single characters or plain spaces between. Nothing needs to be normalised there. */
const PLAIN = /^[!-~](?:[ -~]*[!-~])?$/;

/** Why a text is no key. */
export type KeyTextFault = 'empty' | 'tooLong' | 'spaceAtEnd' | 'invisible';

/** The form in which a key is kept and compared: NFC, so that one accent is one accent however it was typed. */
export function keyForm(text: string): string {
  return PLAIN.test(text) ? text : text.normalize('NFC');
}

/**
 * What keeps a text from being a key: something that another system compares with it (a number of a receipt, an
 * external id, a code). Two keys that look alike must be alike.
 * @param text in its `keyForm`.
 * @param max characters, counted as people count them: a rare ideograph is one.
 */
export function keyTextFault(text: string, max: number): KeyTextFault | null {
  if (PLAIN.test(text)) return text.length > max ? 'tooLong' : null;
  if (text === '') return 'empty';
  if (AT_AN_END.test(text)) return 'spaceAtEnd';
  if (INVISIBLE.test(text) || OTHER_SPACE.test(text)) return 'invisible';
  return text.length > max && [...text].length > max ? 'tooLong' : null;
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
      return 'holds a tab, a line break, or a character that nobody sees';
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
  return folded(text).trim();
}

/** What is seen of a key that was taken before keys had rules: without its ends and all that shows nothing. */
export function seenOf(text: string): string {
  const visible = keyForm(text).replaceAll(new RegExp(INVISIBLE, 'gu'), '');
  return visible.replaceAll(new RegExp(OTHER_SPACE, 'gu'), ' ').trim();
}
