import type { AccountId, MemberId, RedemptionId } from '../../src/kernel/ids.js';
import { idToUuid } from '../../src/kernel/ids.js';
import type { Problem } from '../../src/kernel/problem.js';
import type { PublicEvent } from '../../src/kernel/public-event.js';
import type { Instant } from '../../src/kernel/time.js';
import { ledgerSlice } from '../../src/ledger/index.js';
import { rules as realRules } from '../../src/composition.js';
import { commandOf } from '../../src/platform/http/command-request.js';
import type { AccountEntry, LoadedCommand, StoredClaim } from '../../src/platform/pipeline/batch-state.js';
import type { Command, Outcome, Target } from '../../src/platform/pipeline/command.js';
import { decideBatch, type DecidedBatch, type Rules } from '../../src/platform/pipeline/decide.js';
import type { ConfigSnapshot } from '../../src/platform/versioned-config/config-snapshot.js';
import { rewardStockSlice } from '../../src/redemptions/index.js';
import { ConfigurationBuilder } from './configuration.js';
import { NumberedIds } from './ids.js';
import { purchaseFacts } from './purchase.js';

type Status = 'active' | 'suspended' | 'closed';

interface Options {
  readonly idempotencyKey?: string;
  readonly dryRun?: boolean;
}

/** What one outcome says, read for a story. */
export type Answer = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

export interface Person {
  readonly accountId: AccountId;
  readonly memberId: MemberId;
}

/**
 * A programme with its members in memory: batches are put together by hand, decided by the real rules, and what
 * they leave is what the next batch finds, as if they had been written.
 */
export class Shop {
  readonly ids = new NumberedIds();
  readonly rules: Rules;
  private now: Instant = Date.parse('2026-03-10T12:00:00+01:00');
  private readonly config: ConfigSnapshot;
  private readonly accounts = new Map<AccountId, AccountEntry>();
  private readonly claims = new Map<string, StoredClaim>();
  private readonly shared = new Map<string, Map<string, unknown>>();
  private receipts = 0;

  constructor(config: ConfigurationBuilder = ConfigurationBuilder.shop(), rules: Rules = realRules) {
    this.config = config.build();
    this.rules = rules;
  }

  at(text: string): this {
    this.now = Date.parse(text);
    return this;
  }

  stock(rewardId: string, remaining: number): this {
    const states = this.shared.get(rewardStockSlice.name) ?? new Map<string, unknown>();
    this.shared.set(rewardStockSlice.name, states.set(rewardId, remaining));
    return this;
  }

  remaining(rewardId: string): unknown {
    return this.shared.get(rewardStockSlice.name)?.get(rewardId);
  }

  /** Somebody with an empty account. */
  member(status: Status = 'active'): Person {
    const accountId = this.ids.next('acc');
    const memberId = this.ids.next('mbr');
    this.accounts.set(accountId, {
      accountId,
      programmeId: this.config.programmeId,
      version: 0,
      eventSequence: 0,
      account: this.readAccount(accountId),
      members: new Map([[memberId, this.readMember(status, accountId)]]),
      changed: false,
      publicEvents: [],
    });
    return { accountId, memberId };
  }

  ledger({ accountId }: Person) {
    return this.entry(accountId).account.get('ledger') as ReturnType<typeof ledgerSlice.read>;
  }

  events({ accountId }: Person): readonly PublicEvent[] {
    return this.entry(accountId).publicEvents;
  }

  /** Everything the engine keeps of a member, to compare before and after. */
  snapshot({ accountId }: Person): unknown {
    const { account, members, publicEvents, eventSequence } = this.entry(accountId);
    return structuredClone({ account, members, publicEvents, eventSequence, shared: this.shared });
  }

  /** A receipt with a number of its own: one line of 100.00, now. */
  purchase(
    member: Person,
    overrides: Partial<ReturnType<typeof purchaseFacts>> = {},
    options: Options = {},
  ): Command {
    this.receipts += 1;
    const facts = purchaseFacts({ receiptNo: `R-${this.receipts}`, occurredAt: this.now, ...overrides });
    const { purchaseId: _, businessDate: __, ...body } = facts;
    const natural = { scope: 'receipt', key: `${body.source}\n${body.receiptNo}` } as const;
    return this.command('purchase.post', { kind: 'member', id: member.memberId }, body, {
      natural,
      ...options,
    });
  }

  redeem(
    member: Person,
    body: {
      readonly points?: number;
      readonly rewardId?: string;
      readonly mode?: string;
      readonly holdSeconds?: number;
    },
    options: Options = {},
  ): Command {
    const { points = null, rewardId = null, mode = 'capture', holdSeconds = 900 } = body;
    const full = { points, rewardId, mode, holdSeconds, externalId: null };
    return this.command('redemption.redeem', { kind: 'member', id: member.memberId }, full, options);
  }

  capture(redemptionId: string, points: number | null = null, options: Options = {}): Command {
    const body = { redemptionId: redemptionId as RedemptionId, points };
    return this.command('redemption.capture', { kind: 'redemption', id: redemptionId }, body, options);
  }

  void(redemptionId: string, options: Options = {}): Command {
    return this.command(
      'redemption.void',
      { kind: 'redemption', id: redemptionId },
      { redemptionId },
      options,
    );
  }

  settle({ accountId }: Person): Command {
    return this.command('account.settle', { kind: 'account', id: accountId }, {}, {});
  }

  /** A command that names somebody this programme does not know. */
  unknown(command: Command): Command {
    return { ...command, target: { kind: 'identity', type: 'card', value: 'nobody' } };
  }

  command(
    type: string,
    target: Command['target'],
    body: object,
    options: Options & { natural?: Command['natural'] },
  ): Command {
    const caller = {
      programmeId: this.config.programmeId,
      keyId: this.ids.next('key'),
      scopes: ['pos' as const],
    };
    return commandOf({ type, caller, target, body, ...options }, this.ids);
  }

  /** Decides commands that arrived together. */
  decide(...commands: readonly Command[]): DecidedBatch {
    for (const entry of this.accounts.values()) entry.changed = false;
    const batch = {
      commands: commands.map((command) => this.load(command)),
      accounts: this.accounts,
      shared: new Map([[this.config.programmeId, this.shared]]),
      configs: new Map([[this.config.programmeId, this.config]]),
    };
    const decided = decideBatch(batch, this.rules, this.now, this.ids);
    for (const [slice, states] of batch.shared.get(this.config.programmeId) ?? [])
      this.shared.set(slice, states);
    for (const { claim, ...stored } of decided.newClaims)
      this.claims.set(`${claim.scope} ${claim.key}`, stored);
    return decided;
  }

  /** Decides commands that arrived together; their outcomes. */
  batch(...commands: readonly Command[]): readonly Outcome[] {
    return this.decide(...commands).outcomes;
  }

  /** Decides one command that must succeed. */
  does(command: Command): Answer {
    return accepted(this.batch(command)[0]);
  }

  /** Decides one command that must be refused. */
  refuses(command: Command): Problem {
    return refused(this.batch(command)[0]);
  }

  private load(command: Command): LoadedCommand {
    const owner = this.ownerOf(command.target);
    const { natural, idempotencyKey, commandId } = command;
    const own = idempotencyKey === null ? ({ scope: 'command', key: commandId } as const) : null;
    const claim = natural ?? own;
    return {
      command,
      accountId: owner?.accountId ?? null,
      memberId: owner?.memberId ?? null,
      counterparty: (command.counterparty && this.ownerOf(command.counterparty)) ?? null,
      naturalClaim: (claim && this.claims.get(`${claim.scope} ${claim.key}`)) ?? null,
      keyClaim: this.claims.get(`idempotency-key ${idempotencyKey}`) ?? null,
    };
  }

  private ownerOf(target: Target): Person | undefined {
    if (!('id' in target)) return undefined;
    for (const { accountId, members, account } of this.accounts.values()) {
      const [memberId] = [...members.keys()] as [MemberId];
      const { redemptions } = account.get('redemptions') as { redemptions: ReadonlyMap<string, unknown> };
      if (accountId === target.id || members.has(target.id as MemberId) || redemptions.has(target.id))
        return { accountId, memberId };
    }
    return undefined;
  }

  private entry(accountId: AccountId): AccountEntry {
    return this.accounts.get(accountId) as AccountEntry;
  }

  private readAccount(accountId: AccountId): Map<string, unknown> {
    const row = {
      account_id: idToUuid(accountId),
      ...Object.fromEntries(
        ['available', 'pending', 'held', 'debt', 'lifetime_earned', 'lifetime_redeemed', 'movement_seq'].map(
          (name) => [name, '0'],
        ),
      ),
      head_hash: Buffer.alloc(32),
      next_hold_expiry_at: null,
      expiring: null,
      next_pending_at: null,
      sliding_expires_at: null,
    };
    const slices = this.rules.slices.filter((slice) => slice.scope === 'account');
    return new Map(
      slices.map((slice) => [
        slice.name,
        slice.details ? slice.details.merge(slice.read(row), []) : slice.read(row),
      ]),
    );
  }

  private readMember(status: Status, accountId: AccountId): Map<string, unknown> {
    const row = {
      member_status: status,
      tier_account_id: idToUuid(accountId),
      earning_account_id: idToUuid(accountId),
      earning_counts: null,
      tier_enrolled_at: new Date(Date.UTC(2020, 0)),
      tier_days: null,
      tier_changes: null,
    };
    const slices = this.rules.slices.filter((slice) => slice.scope === 'member');
    return new Map(slices.map((slice) => [slice.name, slice.read(row)]));
  }
}

/** The answer of a command that took effect (or was said again). */
export function accepted(outcome: Outcome | undefined): Answer {
  if (outcome?.kind !== 'answered') throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return JSON.parse(outcome.body) as Answer;
}

export function refused(outcome: Outcome | undefined): Problem {
  if (outcome?.kind !== 'refused') throw new Error(`accepted: ${JSON.stringify(outcome)}`);
  return outcome.problem;
}
