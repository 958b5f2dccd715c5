import type { AccountId, LotId, MemberId } from '../../kernel/ids.js';
import type { SubLedgerAmount } from '../../kernel/money.js';
import type { Points } from '../../kernel/points.js';
import { sha256Hex } from '../../kernel/sha256.js';
import { formatInstant, type Instant, type LocalDate } from '../../kernel/time.js';
import type { Destination, Source } from './lot.js';
import type { CauseType } from '../../kernel/domain-events.js';

/**
 * Accounting events the ledger posts so far (docs/accounting.md#entries). A code names its debit and credit account,
 * so a movement is balanced in money as it is in points.
 */
export const EVENT_CODES = ['E01', 'E02', 'E03', 'E06', 'E12', 'E15', 'E17', 'E19', 'E24', 'E26'] as const;
export type EventCode = (typeof EVENT_CODES)[number];

/** The only thing that changes a lot: points and money in one append-only row. */
export interface Movement {
  readonly accountId: AccountId;
  /** Gapless per account, from 1. */
  readonly sequence: number;
  /** Null for a debt, which no lot stands behind. */
  readonly lotId: LotId | null;
  readonly memberId: MemberId;
  readonly from: Source;
  readonly to: Destination;
  readonly points: Points;
  /** Change of the contract liability: positive when deferred, negative when released; 0 for a hold. */
  readonly liability: SubLedgerAmount;
  /** Null where nothing is posted: points set aside or given back. */
  readonly eventCode: EventCode | null;
  readonly causeType: CauseType;
  readonly causeId: string;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
  /** The day it belongs to in the books, in the programme's zone. */
  readonly postingDate: LocalDate;
  /** The lot's expiry from now on, where the movement set it; null where it stays as it was. */
  readonly setsExpiryAt: Instant | null;
  /** When what it is about happened, where that is not `occurredAt`: of a return, when the goods came back. */
  readonly effectiveAt: Instant | null;
  /**
   * SHA-256 over the lot's terms, hex, where the movement opened the lot or gave it new ones; null elsewhere, and in
   * version 1.
   */
  readonly terms: string | null;
  /** Which fields the hash covers: from 2 on, the terms as well. */
  readonly hashVersion: number;
  /** SHA-256 over the content and the hash of the account's movement before it, hex. */
  readonly hash: string;
}

/** The version of the hash of new movements. */
export const HASH_VERSION = 2;

/** The hash before an account's first movement. */
export const GENESIS_HASH = '0'.repeat(64);

/**
 * The chain's link: SHA-256 of the previous hash and every field, in this fixed order and text form, so that
 * anyone can recompute it from an export (docs/ledger.md).
 */
export function movementHash(previousHash: string, movement: Omit<Movement, 'hash'>): string {
  const { accountId, sequence, lotId, memberId, from, to, points, liability, eventCode } = movement;
  const { causeType, causeId, occurredAt, recordedAt, postingDate, setsExpiryAt, effectiveAt } = movement;
  const { terms, hashVersion } = movement;
  const what = `${previousHash}|${accountId}|${sequence}|${lotId ?? ''}|${memberId}|${from}|${to}|${points}|${liability}`;
  const why = `${eventCode ?? ''}|${causeType}|${causeId}`;
  const when = `${formatInstant(occurredAt)}|${formatInstant(recordedAt)}|${postingDate}`;
  // Absent from the text where there is none, as in movements of the time before there could be any.
  const expiry = setsExpiryAt === null ? '' : `|${formatInstant(setsExpiryAt)}`;
  const effective = effectiveAt === null ? '' : `|effective ${formatInstant(effectiveAt)}`;
  const text = `${what}|${why}|${when}${expiry}${effective}`;
  return sha256Hex(hashVersion === 1 ? text : `${text}|${hashVersion}|${terms ?? ''}`);
}
