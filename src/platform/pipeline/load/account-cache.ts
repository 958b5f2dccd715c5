import type { AccountId, MemberId, ProgrammeId } from '../../../kernel/ids.js';
import type { Instant } from '../../../kernel/time.js';
import type { AccountEntry } from '../batch/batch-state.js';
import type { AccountSlice, AnySlice, MemberSlice } from '../contract/slice.js';

/** At most this many names are cached for one account; commands with other names are loaded. */
const MAX_NAMES = 8;

/** An account as a batch of this process left it. Its states are never changed: every decision works on copies. */
export interface CachedAccount {
  readonly accountId: AccountId;
  readonly programmeId: ProgrammeId;
  readonly version: number;
  readonly eventSequence: number;
  readonly recordedUntil: Instant;
  readonly eventHead: string;
  readonly recordSum: string;
  readonly account: Map<string, unknown>;
  readonly members: Map<MemberId, Map<string, unknown>>;
  /** The values of the load's parameters for which each member's states were read. */
  readonly parameters: Map<MemberId, readonly unknown[]>;
  readonly names: Map<string, MemberId>;
}

/**
 * Accounts that were written last, as their rows are now, so that the next command need not load them (ADR 0010).
 * An entry may be stale. The write confirms it: it takes effect only if the account still has the cached version, and
 * a command whose account was not written is decided again on a fresh load.
 */
export class AccountCache {
  /** Least recently used first. */
  private readonly accounts = new Map<AccountId, CachedAccount>();
  private readonly byName = new Map<string, AccountId>();

  private readonly accountSlices: readonly AccountSlice<unknown>[];
  private readonly memberSlices: readonly MemberSlice<unknown>[];

  /** @param limit accounts at most; 0 caches none. */
  constructor(
    private readonly limit: number,
    slices: readonly AnySlice[],
  ) {
    this.accountSlices = slices.filter(
      (slice): slice is AccountSlice<unknown> => slice.scope === 'account' && slice.afterWrite !== undefined,
    );
    this.memberSlices = slices.filter(
      (slice): slice is MemberSlice<unknown> => slice.scope === 'member' && slice.afterWrite !== undefined,
    );
  }

  get size(): number {
    return this.accounts.size;
  }

  find(name: string): { readonly cached: CachedAccount; readonly memberId: MemberId } | null {
    const accountId = this.byName.get(name);
    const cached = accountId && this.accounts.get(accountId);
    const memberId = cached && cached.names.get(name);
    if (!cached || !memberId || !cached.members.has(memberId)) return null;
    this.accounts.delete(cached.accountId);
    this.accounts.set(cached.accountId, cached);
    return { cached, memberId };
  }

  /**
   * Caches an account that was just written; the entry is not used afterwards.
   * @param found the names by which commands of this batch found its members.
   */
  put(entry: AccountEntry, found: readonly (readonly [name: string, memberId: MemberId])[]): void {
    if (this.limit === 0) return;
    const { accountId, programmeId, eventSequence, account, members, parameters } = entry;
    const names = this.accounts.get(accountId)?.names ?? new Map<string, MemberId>();
    for (const [name, memberId] of found) {
      if (names.size >= MAX_NAMES && !names.has(name)) continue;
      names.set(name, memberId);
      this.byName.set(name, accountId);
    }
    if (names.size === 0) return;
    toWritten(this.accountSlices, account);
    for (const states of members.values()) toWritten(this.memberSlices, states);
    this.accounts.delete(accountId);
    this.accounts.set(accountId, {
      accountId,
      programmeId,
      version: entry.version + 1,
      eventSequence,
      recordedUntil: entry.recordedUntil,
      eventHead: entry.eventHead,
      recordSum: entry.recordSum,
      account,
      members,
      parameters,
      names,
    });
    if (this.accounts.size > this.limit) this.evict(this.accounts.keys().next().value as AccountId);
  }

  evict(accountId: AccountId): void {
    const cached = this.accounts.get(accountId);
    if (!cached) return;
    this.accounts.delete(accountId);
    for (const name of cached.names.keys()) this.byName.delete(name);
  }

  clear(): void {
    this.accounts.clear();
    this.byName.clear();
  }
}

/** Turns written states into those that a load would find. */
function toWritten(
  slices: readonly { readonly name: string; afterWrite?(state: unknown): unknown }[],
  states: Map<string, unknown>,
): void {
  for (const slice of slices) states.set(slice.name, slice.afterWrite?.(states.get(slice.name)));
}
