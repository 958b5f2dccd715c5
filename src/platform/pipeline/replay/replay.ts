import { idToUuid, type AccountId, type Id, type MemberId } from '../../../kernel/ids.js';
import { EMPTY_SUM } from '../../../kernel/record-sum.js';
import type { Instant } from '../../../kernel/time.js';
import type { ConfigSnapshot } from '../../versioned-config/config-snapshot.js';
import type { AccountEntry, Batch } from '../batch/batch-state.js';
import { ALL_ROWS, type Demands } from '../batch/load-request.js';
import type { Command, Outcome } from '../contract/command.js';
import type { EngineDefinition } from '../contract/engine-definition.js';
import type { AccountSlice, MemberSlice } from '../contract/slice.js';
import type { ColumnType } from '../contract/table.js';
import { decideBatch } from '../decide/decide.js';
import { ReplayIds } from './replay-ids.js';

/** The default values of a new account's columns; other types are null. */
const BLANK: Partial<Readonly<Record<ColumnType, unknown>>> = { bigint: '0', bytea: Buffer.alloc(32) };

/** A member on an account that exists in memory alone. */
export class ReplayedMember {
  private readonly demands: Demands;

  constructor(
    private readonly replay: Replay,
    private readonly entry: AccountEntry,
    private readonly memberId: MemberId,
  ) {
    const all = { steps: ALL_ROWS, dates: true, standing: true, debts: true, shared: true };
    this.demands = new Map([[entry.accountId, all]]);
  }

  /**
   * Decides a command at an instant on what those before it left.
   * @param kept the id that what the command makes is to have.
   */
  decide(command: Command, now: Instant, kept: Id): Outcome {
    const { entry, memberId, demands } = this;
    const { accountId } = entry;
    const loaded = {
      ...{ command, demands, accountId, memberId, counterparty: null, naturalClaim: null, keyClaim: null },
      everything: new Set([accountId]),
    };
    return this.replay.decide(loaded, entry, now, kept);
  }

  /** What is kept of the account by a slice. */
  account<S>({ name }: AccountSlice<S>): S {
    return this.entry.account.get(name) as S;
  }

  /** What is kept of the member by a slice. */
  member<S>({ name }: MemberSlice<S>): S {
    return this.entry.members.get(this.memberId)?.get(name) as S;
  }
}

/**
 * Carries out commands again in memory, by the rules that carry them out everywhere, under a configuration that may be
 * another one. Nothing is written and nothing is published.
 */
export class Replay {
  private readonly definition: EngineDefinition;
  private readonly ids = new ReplayIds();
  private readonly shared: Batch['shared'];

  /** @param shared states that no account owns, by slice and key; every command changes them. */
  constructor(
    definition: EngineDefinition,
    readonly config: ConfigSnapshot,
    shared: ReadonlyMap<string, Map<string, unknown>>,
  ) {
    this.definition = { ...definition, publicEvents: new Map() };
    this.shared = new Map([[config.programmeId, new Map(shared)]]);
  }

  /** A member as a replay finds them, on an account on which nothing happened yet. */
  open(memberId: MemberId, accountId: AccountId, states: Map<string, unknown>): ReplayedMember {
    const entry: AccountEntry = {
      ...{ accountId, programmeId: this.config.programmeId, version: 0, eventSequence: 0, recordedUntil: 0 },
      ...{ eventHead: EMPTY_SUM, recordSum: EMPTY_SUM, changed: false, publicEvents: [] },
      account: this.blankAccount(accountId, memberId),
      members: new Map([[memberId, states]]),
      parameters: new Map(),
    };
    return new ReplayedMember(this, entry, memberId);
  }

  /** For `ReplayedMember`. */
  decide(loaded: Batch['commands'][number], entry: AccountEntry, now: Instant, kept: Id): Outcome {
    const { config, definition, ids, shared } = this;
    const batch: Batch = {
      commands: [loaded],
      accounts: new Map([[entry.accountId, entry]]),
      shared,
      configs: new Map([[config.programmeId, config]]),
    };
    ids.begin(now, kept);
    const { outcomes } = decideBatch(batch, definition, now, ids);
    this.goOn(entry);
    return outcomes[0] as Outcome;
  }

  /**
   * The states go on as if their rows had been written. Those with rows of their own keep all they have, because a later
   * command may refer to any of it and there is nowhere to load it from.
   */
  private goOn(entry: AccountEntry): void {
    for (const slice of this.definition.slices) {
      if (slice.scope === 'shared' || !slice.afterWrite) continue;
      if (slice.scope === 'account' && slice.lazyRows) continue;
      const places = slice.scope === 'account' ? [entry.account] : entry.members.values();
      for (const states of places) states.set(slice.name, slice.afterWrite(states.get(slice.name)));
    }
  }

  private blankAccount(accountId: AccountId, memberId: MemberId): Map<string, unknown> {
    const slices = this.definition.slices.filter((slice) => slice.scope === 'account');
    const columns = slices.flatMap((slice) => slice.columns);
    const row = {
      ...Object.fromEntries(columns.map(({ name, type }) => [name, BLANK[type] ?? null])),
      account_id: idToUuid(accountId),
      head_member_id: idToUuid(memberId),
      open_members: [idToUuid(memberId)],
    };
    return new Map(
      slices.map((slice) => {
        const state = slice.read(row);
        return [slice.name, slice.lazyRows ? slice.lazyRows.merge(state, []) : state];
      }),
    );
  }
}
