import type { AccountId, MemberId, ProgrammeId } from '../../../kernel/ids.js';
import type { Instant } from '../../../kernel/time.js';
import type { AccountEntry } from '../batch/batch-state.js';
import type { AccountSlice, AnySlice, MemberSlice } from '../contract/slice.js';
import type { ColumnType } from '../contract/table.js';

/** Names by which one account is found at most; who comes with another is looked up. */
const MAX_NAMES = 8;

/** An account as a batch of this process left it. Its states are never changed: who goes on from them copies first. */
export interface KeptAccount {
  readonly accountId: AccountId;
  readonly programmeId: ProgrammeId;
  readonly version: number;
  readonly eventSequence: number;
  readonly recordedUntil: Instant;
  readonly eventHead: string;
  readonly recordSum: string;
  readonly account: Map<string, unknown>;
  readonly members: Map<MemberId, Map<string, unknown>>;
  /** For which values of the load's parameters each member's states were read. */
  readonly parameters: Map<MemberId, readonly unknown[]>;
  readonly names: Map<string, MemberId>;
}

/**
 * Accounts that were written last, as their rows are now, so that the next command need not load them (ADR 0010).
 * Nothing here is trusted by itself: what is decided on it is written only if the account's version is still the one
 * that is kept here, and whatever is not written is decided again on a fresh load.
 */
export class WorkingSet {
  /** Least recently used first. */
  private readonly accounts = new Map<AccountId, KeptAccount>();
  private readonly byName = new Map<string, AccountId>();

  private readonly accountSlices: readonly AccountSlice<unknown>[];
  private readonly memberSlices: readonly MemberSlice<unknown>[];

  /** @param limit accounts kept at most; 0 keeps none. */
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

  find(name: string): { readonly kept: KeptAccount; readonly memberId: MemberId } | null {
    const accountId = this.byName.get(name);
    const kept = accountId && this.accounts.get(accountId);
    const memberId = kept && kept.names.get(name);
    if (!kept || !memberId || !kept.members.has(memberId)) return null;
    this.accounts.delete(kept.accountId);
    this.accounts.set(kept.accountId, kept);
    return { kept, memberId };
  }

  /**
   * Keeps an account that was just written; the entry is not used afterwards.
   * @param found by which names commands of this batch found which member.
   */
  keep(entry: AccountEntry, found: readonly (readonly [name: string, memberId: MemberId])[]): void {
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
    if (this.accounts.size > this.limit) this.forget(this.accounts.keys().next().value as AccountId);
  }

  forget(accountId: AccountId): void {
    const kept = this.accounts.get(accountId);
    if (!kept) return;
    this.accounts.delete(accountId);
    for (const name of kept.names.keys()) this.byName.delete(name);
  }

  clear(): void {
    this.accounts.clear();
    this.byName.clear();
  }
}

/** Turns states that were written into what a load would find. */
function toWritten(
  slices: readonly { readonly name: string; afterWrite?(state: unknown): unknown }[],
  states: Map<string, unknown>,
): void {
  for (const slice of slices) states.set(slice.name, slice.afterWrite?.(states.get(slice.name)));
}

/** Whether what was read for one value of a parameter has all that another asks for: days are read from one on. */
export function covers(type: ColumnType, read: unknown, wanted: unknown): boolean {
  if (read === wanted || wanted === null) return true;
  return type === 'date' && read !== null && (read as string) <= (wanted as string);
}

/** The value for which two reads together were made. */
export function widest(type: ColumnType, one: unknown, other: unknown): unknown {
  return covers(type, one, other) ? one : other;
}
