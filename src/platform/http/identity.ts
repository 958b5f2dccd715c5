import type { CountryCode } from 'libphonenumber-js/max';
import { createRequire } from 'node:module';
import { folded } from '../../kernel/texts.js';

/** The CommonJS build, which class-validator has loaded already. */
const { isSupportedCountry, parsePhoneNumberFromString } = createRequire(import.meta.url)(
  'libphonenumber-js/max',
) as typeof import('libphonenumber-js/max');

/** What a member is known by, in the one form in which it is kept and compared. */
export interface Identity {
  readonly type: string;
  readonly value: string;
}

/** Why something is no identity, and which part of it. */
export interface IdentityFault {
  readonly part: 'type' | 'value';
  readonly code: string;
  readonly detail: string;
}

/** An external id is an identity of this type, which no request may use by itself. */
export const EXTERNAL_ID_TYPE = 'externalId';
const EXTERNAL_ID_FORM = folded(EXTERNAL_ID_TYPE);

/** Types whose values are telephone numbers and addresses of e-mail; of others the value is compared as it is. */
const PHONE = 'phone';
const EMAIL = 'email';

const ADDRESS = /^[^\s@]+@[^\s@]+$/u;

/** Whether telephone numbers of a country can be read, by its ISO 3166 code. */
export function isPhoneRegion(code: string): boolean {
  return isSupportedCountry(code);
}

/**
 * An identity in its own form: the type in lower case, a telephone number in E.164, an address of e-mail in lower case.
 * @param phoneRegion whose numbers may lack their country code, ISO 3166; null: none.
 */
export function identityForm(
  { type: typeText, value }: Identity,
  phoneRegion: string | null,
):
  { readonly ok: true; readonly identity: Identity } | { readonly ok: false; readonly fault: IdentityFault } {
  const type = folded(typeText);
  if (type === EXTERNAL_ID_FORM) {
    return refused('type', 'RESERVED', 'This type is not for requests. Use the field externalId instead.');
  }
  if (type === EMAIL) {
    if (ADDRESS.test(value)) return { ok: true, identity: { type, value: folded(value) } };
    return refused('value', 'NOT_AN_EMAIL', `${value} is no address of e-mail such as anna@example.com.`);
  }
  if (type !== PHONE) return { ok: true, identity: { type, value } };
  const number = phoneNumber(value, phoneRegion);
  return number === null
    ? refused('value', 'NOT_A_PHONE', notAPhone(value, phoneRegion))
    : { ok: true, identity: { type, value: number } };
}

/** E.164; null for what is no number that its country could have given, or one of an extension. */
function phoneNumber(text: string, region: string | null): string | null {
  const options = { extract: false, ...(region === null ? {} : { defaultCountry: region as CountryCode }) };
  const number = parsePhoneNumberFromString(text, options);
  return number?.isValid() && number.ext === undefined ? number.number : null;
}

function notAPhone(value: string, region: string | null): string {
  const example = 'Write it with its country code, such as +886912345678';
  return region === null
    ? `${value} is no telephone number. ${example}, or give the programme's policy a phoneRegion.`
    : `${value} is no telephone number of ${region}. ${example}, where it is another country's.`;
}

function refused(part: IdentityFault['part'], code: string, detail: string) {
  return { ok: false, fault: { part, code, detail } } as const;
}
