import type { AccountId, MemberId, ProgrammeId } from '../../kernel/ids.js';
import type { AccountEntry } from './batch-state.js';
import type { AnySlice } from './slice.js';
import type { ColumnType } from './table.js';

/** Names by which one account is found at most; who comes with another is looked up. */
const MAX_NAMES = 8;

/** A member's states, and the values of the load's parameters for which they were read. */
interface KeptMember {
  readonly states: ReadonlyMap<string, unknown>;
  readonly parameters: readonly unknown[];
}

/** An account as a batch of this process left it. */
export interface KeptAccount {
  readonly accountId: AccountId;
  readonly programmeId: ProgrammeId;
  readonly version: number;
  readonly eventSequence: number;
  readonly account: ReadonlyMap<string, unknown>;
  readonly members: ReadonlyMap<MemberId, KeptMember>;
  readonly names: ReadonlyMap<string, MemberId>;
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

  /** @param limit accounts kept at most; 0 keeps none. */
  constructor(
    private readonly limit: number,
    private readonly slices: readonly AnySlice[],
  ) {}

  get size(): number {
    return this.accounts.size;
  }

  find(name: string): { readonly kept: KeptAccount; readonly memberId: MemberId } | null {
    const accountId = this.byName.get(name);
    const kept = accountId && this.accounts.get(accountId);
    const memberId = kept && kept.names.get(name);
    if (!kept || !memberId) return null;
    this.accounts.delete(kept.accountId);
    this.accounts.set(kept.accountId, kept);
    return { kept, memberId };
  }

  /** Keeps an account that was just written. @param names by which commands found it in this batch. */
  keep(entry: AccountEntry, names: ReadonlyMap<string, MemberId>): void {
    if (this.limit === 0) return;
    const before = this.accounts.get(entry.accountId)?.names ?? new Map<string, MemberId>();
    this.forget(entry.accountId);
    const all = new Map([...names, ...before]);
    const known = [...all].filter(([, memberId]) => entry.members.has(memberId)).slice(0, MAX_NAMES);
    if (known.length === 0) return;
    this.accounts.set(entry.accountId, {
      accountId: entry.accountId,
      programmeId: entry.programmeId,
      version: entry.version + 1,
      eventSequence: entry.eventSequence,
      account: this.written('account', entry.account),
      members: new Map(
        [...entry.members].map(([memberId, states]) => [
          memberId,
          { states: this.written('member', states), parameters: entry.parameters.get(memberId) ?? [] },
        ]),
      ),
      names: new Map(known),
    });
    for (const [name] of known) this.byName.set(name, entry.accountId);
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

  private written(scope: 'account' | 'member', states: ReadonlyMap<string, unknown>): Map<string, unknown> {
    const after = new Map(states);
    for (const slice of this.slices) {
      if (slice.scope === 'shared' || slice.scope !== scope || !slice.afterWrite) continue;
      after.set(slice.name, slice.afterWrite(states.get(slice.name)));
    }
    return after;
  }
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
