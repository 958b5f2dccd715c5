/**
 * Ids in the form callers see: a prefix that names the kind and a UUIDv7 (RFC 9562, section 5.7) in
 * Crockford base32, as the TypeID specification 0.3 writes it: `mbr_01h455vb4pex5vsknk084sn02q`.
 * They sort by the time they were made. The database keeps the 16 bytes as `uuid`.
 */
export type IdPrefix =
  | 'prg'
  | 'key'
  | 'mbr'
  | 'acc'
  | 'pur'
  | 'ret'
  | 'lot'
  | 'rdm'
  | 'adj'
  | 'trf'
  | 'hsh'
  | 'evt'
  | 'vrf'
  | 'std'
  | 'adt';

export type Id<P extends IdPrefix = IdPrefix> = `${P}_${string}`;
export type ProgrammeId = Id<'prg'>;
export type KeyId = Id<'key'>;
export type MemberId = Id<'mbr'>;
export type AccountId = Id<'acc'>;
export type PurchaseId = Id<'pur'>;
export type LotId = Id<'lot'>;
export type RedemptionId = Id<'rdm'>;
export type ReturnId = Id<'ret'>;
export type AdjustmentId = Id<'adj'>;
export type TransferId = Id<'trf'>;
export type HouseholdId = Id<'hsh'>;
export type VerifyRunId = Id<'vrf'>;

/** Where new ids come from; injected, so that decisions stay functions of their arguments. */
export interface IdSource {
  next<P extends IdPrefix>(prefix: P): Id<P>;
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const VALUES = new Map([...ALPHABET].map((character, value) => [character, value]));
const SUFFIX = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Writes 16 bytes as an id. @throws RangeError unless `bytes` has exactly 16 bytes. */
export function encodeId<P extends IdPrefix>(prefix: P, bytes: Uint8Array): Id<P> {
  if (bytes.length !== 16) throw new RangeError('an id has 16 bytes');
  let text = '';
  // 128 bits fill 26 characters of 5 bits with two leading zero bits.
  let buffer = 0;
  let bits = 2;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(buffer >> bits) & 31];
    }
    buffer &= (1 << bits) - 1;
  }
  return `${prefix}_${text}`;
}

/** The id's 16 bytes as a hyphenated UUID, the form PostgreSQL takes. @throws RangeError for anything else. */
export function idToUuid(id: string): string {
  const suffix = id.slice(id.indexOf('_') + 1);
  if (!SUFFIX.test(suffix)) throw new RangeError(`not an id: ${id}`);
  let hex = '';
  let buffer = 0;
  let bits = -2;
  for (const character of suffix) {
    buffer = (buffer << 5) | (VALUES.get(character) ?? 0);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      hex += HEX[(buffer >> bits) & 255];
      buffer &= (1 << bits) - 1;
    }
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The id of a UUID that the database returned. */
export function uuidToId<P extends IdPrefix>(prefix: P, uuid: string): Id<P> {
  return encodeId(prefix, Buffer.from(uuid.replaceAll('-', ''), 'hex'));
}

/** Whether `text` is a well-formed id of this kind; says nothing about whether such a thing exists. */
export function isId<P extends IdPrefix>(prefix: P, text: string): text is Id<P> {
  return text.startsWith(`${prefix}_`) && SUFFIX.test(text.slice(prefix.length + 1));
}
