import type { Instant } from './time.js';

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
  | 'adt'
  | 'act'
  | 'chr'
  | 'atv'
  | 'unm'
  | 'bgm'
  | 'gft'
  | 'mst'
  | 'und'
  | 'udg'
  | 'sim'
  | 'reg';

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
export type ActivityId = Id<'atv'>;
export type UndoId = Id<'und'>;
export type UndoneId = Id<'udg'>;
export type RegistrationId = Id<'reg'>;
export type HouseholdId = Id<'hsh'>;
export type GiftId = Id<'gft'>;
export type MilestoneId = Id<'mst'>;
export type VerifyRunId = Id<'vrf'>;
export type SimulationId = Id<'sim'>;

/** Where new ids come from; injected, so that decisions stay functions of their arguments. */
export interface IdSource {
  next<P extends IdPrefix>(prefix: P): Id<P>;
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const CODES = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
const UNDERSCORE = '_'.charCodeAt(0);
/** The value of each ASCII character in an id; 255 where it has none. */
const VALUES = new Uint8Array(128).fill(255);
for (const [value, code] of CODES.entries()) VALUES[code] = value;
const SUFFIX_LENGTH = 26;
const SUFFIX = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/** Ids are written and read by the million; their characters and bytes are put together here, by one at a time. */
const TEXT = Buffer.alloc(64);
const BYTES = Buffer.alloc(16);

/** Writes 16 bytes as an id. @throws RangeError unless `bytes` has exactly 16 bytes. */
export function encodeId<P extends IdPrefix>(prefix: P, bytes: Uint8Array): Id<P> {
  if (bytes.length !== 16) throw new RangeError('an id has 16 bytes');
  let length = 0;
  for (; length < prefix.length; length += 1) TEXT[length] = prefix.charCodeAt(length);
  TEXT[length++] = UNDERSCORE;
  // 128 bits fill 26 characters of 5 bits with two leading zero bits.
  let buffer = 0;
  let bits = 2;
  for (let index = 0; index < 16; index += 1) {
    buffer = (buffer << 8) | (bytes[index] as number);
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      TEXT[length++] = CODES[(buffer >> bits) & 31] as number;
    }
    buffer &= (1 << bits) - 1;
  }
  return TEXT.toString('latin1', 0, length) as Id<P>;
}

/** Writes an id's 16 bytes into `target` from `offset` on. @throws RangeError for anything that is no id. */
export function writeIdBytes(id: string, target: Uint8Array, offset: number): void {
  const start = id.indexOf('_') + 1;
  let valid = id.length === start + SUFFIX_LENGTH;
  let at = offset;
  let buffer = 0;
  let bits = -2;
  for (let index = start; valid && index < id.length; index += 1) {
    const value = VALUES[id.charCodeAt(index)] ?? 255;
    // The first character has two bits that are not there.
    valid = value < (index === start ? 8 : 32);
    buffer = (buffer << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      target[at++] = (buffer >> bits) & 255;
      buffer &= (1 << bits) - 1;
    }
  }
  if (!valid) throw new RangeError(`not an id: ${id}`);
}

/** The id's 16 bytes as a hyphenated UUID, the form PostgreSQL takes. @throws RangeError for anything else. */
export function idToUuid(id: string): string {
  writeIdBytes(id, BYTES, 0);
  const hex = BYTES.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** When an id was made, to the millisecond (the first 48 bits of a UUIDv7). @throws RangeError for what is no id. */
export function madeAt(id: string): Instant {
  writeIdBytes(id, BYTES, 0);
  return BYTES.readUIntBE(0, 6);
}

/** The id of a UUID that the database returned. @throws RangeError for half of one. */
export function uuidToId<P extends IdPrefix>(prefix: P, uuid: string): Id<P> {
  if (BYTES.write(uuid.replaceAll('-', ''), 'hex') !== 16) throw new RangeError(`not a UUID: ${uuid}`);
  return encodeId(prefix, BYTES);
}

/** How many shard suffixes there are: an id's last character is one of them. */
export const SHARD_SUFFIXES = 32;

/** The shard suffix of an id, 0 to 31: its last five bits. They are random in an id that was made without a shard. */
export function shardSuffixOf(id: string): number {
  return VALUES[id.charCodeAt(id.length - 1)] as number;
}

/** Whether `text` is a well-formed id of this kind; says nothing about whether such a thing exists. */
export function isId<P extends IdPrefix>(prefix: P, text: string): text is Id<P> {
  return text.startsWith(`${prefix}_`) && SUFFIX.test(text.slice(prefix.length + 1));
}
