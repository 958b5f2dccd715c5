import type { AccountId } from '../../kernel/ids.js';
import { eventCodeFits, GENESIS_HASH, moneyFits, type Movement, movementHash } from '../../ledger/index.js';
import { compare, type Difference, type Subject } from './difference.js';

/** An account as it is stored, with what other tables say about it. */
export interface StoredAccount {
  readonly accountId: AccountId;
  readonly available: number;
  readonly held: number;
  readonly pending: number;
  readonly debt: number;
  /** Null where no lot of the account ever slid. */
  readonly slidingExpiresAt: string | null;
  /** The last step of its sliding expiry that is on record. */
  readonly lastSlide: string | null;
  readonly lifetimeEarned: number;
  readonly lifetimeRedeemed: number;
  readonly movementSequence: number;
  readonly headHash: string;
  readonly eventSequence: number;
  /** Number of stored events and the highest of their sequences; equal when there is no gap. */
  readonly events: number;
  readonly lastEvent: number;
  /** Points of redemptions that are on hold. */
  readonly authorised: number;
}

/** A movement as it is stored. */
export interface StoredMovement extends Omit<Movement, 'from' | 'to' | 'eventCode'> {
  readonly from: string;
  readonly to: string;
  readonly eventCode: string | null;
  /** Whether its lot continues another account's. */
  readonly continues: boolean;
  /** Instants are written in whole milliseconds; the hash covers no more of them. */
  readonly wholeMilliseconds: boolean;
}

/** Re-derives one account from its movements, given one by one in the order of their sequence. */
export class AccountCheck {
  private sequence = 0;
  private head = GENESIS_HASH;
  private earned = 0;
  private readonly buckets = new Map<string, number>();

  constructor(private readonly account: StoredAccount) {}

  /** What is wrong with the next movement. */
  movement(movement: StoredMovement): readonly Difference[] {
    const { accountId, sequence, lotId, from, to, points, liability, eventCode, continues } = movement;
    const subject = lotId === null ? { accountId, sequence } : { accountId, lotId, sequence };
    const hash = movementHash(this.head, movement as Movement);
    const differences = [
      ...compare(subject, 'movement.sequence', this.sequence + 1, sequence),
      ...compare(subject, 'movement.hash', hash, movement.hash),
      ...compare(subject, 'movement.instants', 'whole milliseconds', wholeness(movement)),
    ];
    if (!eventCodeFits(eventCode, from, to)) {
      const actual = `${eventCode ?? 'none'} for ${from} to ${to}`;
      differences.push({ ...subject, check: 'movement.eventCode', expected: 'a code of that move', actual });
    }
    if (!moneyFits(eventCode, liability)) {
      const actual = `${liability} for ${eventCode ?? 'none'}`;
      differences.push({ ...subject, check: 'movement.money', expected: 'money the code can post', actual });
    }
    this.sequence = sequence;
    // One bad link is one difference: the next is evaluated with the hash that is stored.
    this.head = movement.hash;
    // What continues another account's lot was earned there.
    if (from === 'issued' && !continues) this.earned += points;
    this.move(from, -points);
    this.move(to, points);
    return differences;
  }

  /** What is wrong with the account once all of its movements were given. */
  finish(): readonly Difference[] {
    const { account } = this;
    const subject = { accountId: account.accountId };
    return [
      ...compare(subject, 'account.available', this.in('available'), account.available),
      ...compare(subject, 'account.held', this.in('held'), account.held),
      ...compare(subject, 'account.pending', this.in('pending') + this.in('undelivered'), account.pending),
      ...compare(subject, 'account.debt', this.in('debt') - this.in('settled'), account.debt),
      ...this.debtUnfilled(subject),
      ...compare(subject, 'account.slidingExpiresAt', account.lastSlide, account.slidingExpiresAt),
      ...compare(subject, 'account.lifetimeEarned', this.earned, account.lifetimeEarned),
      ...compare(subject, 'account.lifetimeRedeemed', this.in('redeemed'), account.lifetimeRedeemed),
      ...compare(subject, 'account.movementSequence', this.sequence, account.movementSequence),
      ...compare(subject, 'account.headHash', this.head, account.headHash),
      ...compare(subject, 'account.eventSequence', account.eventSequence, account.events),
      ...compare(subject, 'account.eventSequence', account.eventSequence, account.lastEvent),
      ...compare(subject, 'account.holds', account.held, account.authorised),
    ];
  }

  /** Whatever is available fills a debt first. */
  private debtUnfilled(subject: Subject): readonly Difference[] {
    const { debt, available } = this.account;
    return debt > 0 ? compare(subject, 'account.debtUnfilled', 0, available) : [];
  }

  private move(bucket: string, points: number): void {
    this.buckets.set(bucket, this.in(bucket) + points);
  }

  private in(bucket: string): number {
    return this.buckets.get(bucket) ?? 0;
  }
}

function wholeness({ wholeMilliseconds }: StoredMovement): string {
  return wholeMilliseconds ? 'whole milliseconds' : 'finer';
}
