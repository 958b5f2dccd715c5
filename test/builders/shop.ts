import { budgetStatesSlice, type BudgetState, type Left } from '../../src/budgets/index.js';
import { EMPTY_SUM } from '../../src/kernel/record-sum.js';
import type { AccountId, MemberId, PurchaseId, RedemptionId } from '../../src/kernel/ids.js';
import type { Problem } from '../../src/kernel/problem.js';
import type { PublicEvent } from '../../src/kernel/public-event.js';
import type { Instant } from '../../src/kernel/time.js';
import { activitiesSlice } from '../../src/activities/index.js';
import { ledgerSlice } from '../../src/ledger/index.js';
import { personSlice } from '../../src/earning/index.js';
import type { Person as Described } from '../../src/earning/person.slice.js';
import { calendarSlice } from '../../src/calendar/index.js';
import type { CalendarState, Celebrated } from '../../src/calendar/calendar-state.js';
import { memberSlice } from '../../src/members/index.js';
import type { MemberState } from '../../src/members/member.slice.js';
import { definition as realRules } from '../../src/composition.js';
import { contextOf } from '../../src/platform/http/command-context.js';
import { commandOf } from '../../src/platform/http/command-request.js';
import type { Row } from '../../src/platform/database/row.js';
import type {
  AccountEntry,
  LoadedCommand,
  StoredClaim,
} from '../../src/platform/pipeline/batch/batch-state.js';
import type { DecidedBatch } from '../../src/platform/pipeline/batch/decided-batch.js';
import { decideBatch } from '../../src/platform/pipeline/decide/decide.js';
import type {
  AccountSlice,
  Command,
  MemberSlice,
  Outcome,
  EngineDefinition,
  SharedSlice,
  Target,
} from '../../src/platform/pipeline/index.js';
import type { ConfigSnapshot } from '../../src/platform/versioned-config/config-snapshot.js';
import type { PurchaseBody } from '../../src/purchases/domain/purchase-body.js';
import type { RequestedLine, ReturnBody } from '../../src/purchases/domain/return-body.js';
import { registrationsSlice } from '../../src/registrations/index.js';
import { rewardStockSlice } from '../../src/redemptions/index.js';
import { ConfigurationBuilder } from './configuration.js';
import { newAccountStates, newMemberStates } from './new-account.js';
import { NumberedIds } from './ids.js';
import { Whereabouts } from './whereabouts.js';
import { purchaseFacts } from './purchase.js';

type Status = 'active' | 'suspended' | 'closed';

interface Options {
  readonly idempotencyKey?: string;
  readonly dryRun?: boolean;
  /** Default true. */
  readonly explain?: boolean;
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
  readonly rules: EngineDefinition;
  private now: Instant = Date.parse('2026-03-10T12:00:00+01:00');
  private readonly config: ConfigSnapshot;
  private readonly accounts = new Map<AccountId, AccountEntry>();
  private readonly whereabouts = new Whereabouts(this.accounts);
  private readonly claims = new Map<string, StoredClaim>();
  private readonly shared = new Map<string, Map<string, unknown>>();
  /** Commands that asked for more than they said they would need. */
  private readonly lacking = new WeakSet<Command>();
  private receipts = 0;

  constructor(
    config: ConfigurationBuilder = ConfigurationBuilder.shop(),
    rules: EngineDefinition = realRules,
  ) {
    this.config = config.build();
    this.rules = rules;
  }

  at(text: string): this {
    this.now = Date.parse(text);
    return this;
  }

  /** The server's clock goes on by so many milliseconds, or is set back. */
  pass(milliseconds: number): this {
    this.now += milliseconds;
    return this;
  }

  get clock(): Instant {
    return this.now;
  }

  /** The states that accounts share, by key, as a shard would find them. */
  sharedStates<S>({ name }: SharedSlice<S>): Map<string, S> {
    if (!this.shared.has(name)) this.shared.set(name, new Map());
    return this.shared.get(name) as Map<string, S>;
  }

  stock(rewardId: string, remaining: number): this {
    this.sharedStates(rewardStockSlice).set(rewardId, remaining);
    return this;
  }

  remaining(rewardId: string): unknown {
    return this.sharedStates(rewardStockSlice).get(rewardId);
  }

  /** What is left of a budget, in slices as a shard would find them; the shard draws on the first. */
  budget(budgetId: string, slices: readonly Left[]): this {
    const nothingYet = { announced: new Set<string>(), drawn: false, cutInBatch: false };
    this.sharedStates(budgetStatesSlice).set(budgetId, { slices, own: 0, ...nothingYet });
    return this;
  }

  leftOf(budgetId: string): BudgetState {
    return this.sharedStates(budgetStatesSlice).get(budgetId) as BudgetState;
  }

  /** A member with an empty account. */
  member(status: Status = 'active'): Person {
    const accountId = this.ids.next('acc');
    const memberId = this.ids.next('mbr');
    this.open(accountId, memberId).members.set(memberId, newMemberStates(this.rules, status, accountId));
    this.whereabouts.enrol(memberId, accountId);
    return { accountId, memberId };
  }

  /** A member's place now: in a household, or the survivor's if merged. */
  present({ memberId }: Person): Person {
    return this.whereabouts.now(memberId) as Person;
  }

  private open(accountId: AccountId, head: MemberId | null): AccountEntry {
    const entry: AccountEntry = {
      accountId,
      programmeId: this.config.programmeId,
      version: 0,
      eventSequence: 0,
      recordedUntil: 0,
      eventHead: EMPTY_SUM,
      recordSum: EMPTY_SUM,
      account: newAccountStates(this.rules, accountId, head),
      members: new Map(),
      parameters: new Map(),
      changed: false,
      publicEvents: [],
    };
    this.accounts.set(accountId, entry);
    return entry;
  }

  ledger({ accountId }: Person) {
    return this.entry(accountId).account.get('ledger') as ReturnType<typeof ledgerSlice.read>;
  }

  /** Everything that ever moved, account by account. */
  movements() {
    return [...this.accounts.keys()].flatMap(
      (accountId) => this.ledger({ accountId, memberId: 'mbr_whoever' }).movements,
    );
  }

  /** What is kept of an account by the slice of that name. */
  ofAccount<S>({ accountId }: Person, { name }: { readonly name: string; read(row: Row): S }): S {
    return this.entry(accountId).account.get(name) as S;
  }

  /** Their membership is suspended, or ended; on record where it is said when. */
  become({ accountId, memberId }: Person, status: Status, since?: Instant): void {
    const states = this.entry(accountId).members.get(memberId);
    const state = states?.get(memberSlice.name) as MemberState;
    const { statusChanges } = state;
    const changes = since === undefined ? statusChanges : [...statusChanges, [status, since] as const];
    states?.set(memberSlice.name, { ...state, status, statusChanges: changes });
  }

  /** What is kept of a member by the slice of that name. */
  ofMember<S>({ accountId, memberId }: Person, { name }: { readonly name: string; read(row: Row): S }): S {
    return this.entry(accountId).members.get(memberId)?.get(name) as S;
  }

  /** What conditions of rules may read of a member. */
  describe({ accountId, memberId }: Person, person: Described): void {
    this.entry(accountId).members.get(memberId)?.set(personSlice.name, person);
  }

  /** The dates of a member whose anniversaries bring gifts. */
  celebrate({ accountId, memberId }: Person, person: Partial<Celebrated>): void {
    const states = this.entry(accountId).members.get(memberId);
    const state = states?.get(calendarSlice.name) as CalendarState;
    const unknown = { birthDate: null, birthDateSince: null, attributes: {}, over: false };
    const enrolled = { enrolledAt: this.now, createdAt: this.now };
    states?.set(calendarSlice.name, {
      ...state,
      person: { ...unknown, ...enrolled, ...state.person, ...person },
    });
  }

  /** Goes on from what the slice leaves once it is written, as a shard does. @returns what it was before. */
  keep({ accountId, memberId }: Person, slice: AccountSlice<unknown> | MemberSlice<unknown>): unknown {
    const entry = this.entry(accountId);
    const states = slice.scope === 'account' ? entry.account : entry.members.get(memberId);
    const before = states?.get(slice.name);
    if (slice.afterWrite) states?.set(slice.name, slice.afterWrite(before));
    return before;
  }

  /** Whether the last batch has the account written. */
  hasChanged({ accountId }: Person): boolean {
    return this.entry(accountId).changed;
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
      readonly basketMinor?: number;
    },
    options: Options = {},
  ): Command {
    const { points = null, rewardId = null, mode = 'capture', holdSeconds = 900, ...basket } = body;
    const full = { points, rewardId, mode, holdSeconds, externalId: null, ...basket };
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

  reverse(redemptionId: string, points: number | null = null, options: Options = {}): Command {
    const body = { redemptionId: redemptionId as RedemptionId, points, reason: null, lots: [] };
    return this.command('redemption.reverse', { kind: 'redemption', id: redemptionId }, body, options);
  }

  extend(redemptionId: string, holdSeconds: number, options: Options = {}): Command {
    const body = { redemptionId: redemptionId as RedemptionId, holdSeconds };
    return this.command('redemption.extend', { kind: 'redemption', id: redemptionId }, body, options);
  }

  /** Goods of a receipt that come back now under a number of their own: all that is left unless told otherwise. */
  returns(purchaseId: string, body: Partial<ReturnBody> = {}, options: Options = {}): Command {
    const full = this.returnBody(purchaseId, body);
    const natural = { scope: 'return', key: `${full.source}\n${full.receiptNo}` } as const;
    return this.command('purchase.return', { kind: 'purchase', id: purchaseId }, full, {
      natural,
      ...options,
    });
  }

  /** Goods that come back without their receipts being known, looked for in these. */
  finds(member: Person, purchaseIds: readonly string[], lines: readonly Partial<RequestedLine>[]): Command {
    const full = this.returnBody(null, { lines: lines.map(requested), memberNamed: true });
    const lookedUp = {
      candidates: purchaseIds as readonly PurchaseId[],
      referencedIds: [],
      earliestAt: null,
    };
    const target = { kind: 'member', id: member.memberId } as const;
    const natural = { scope: 'return', key: `${full.source}\n${full.receiptNo}` } as const;
    return this.command('purchase.findReturn', target, { ...full, lookedUp }, { natural });
  }

  /** Goods of a receipt for those of another one. */
  exchange(purchaseId: string, back: Partial<ReturnBody>, next: Command): Command {
    const purchase = next.body as PurchaseBody;
    const { source, receiptNo, occurredAt } = purchase;
    const body = {
      return: this.returnBody(purchaseId, { ...back, source, receiptNo, occurredAt }),
      ...{ purchase, occurredAt },
    };
    const target = { kind: 'purchase', id: purchaseId } as const;
    return this.command('purchase.exchange', target, body, { natural: next.natural });
  }

  private returnBody(purchaseId: string | null, body: Partial<ReturnBody>): ReturnBody {
    this.receipts += 1;
    const candidates = purchaseId === null ? [] : [purchaseId as PurchaseId];
    return {
      source: 'store-1',
      receiptNo: `RT-${this.receipts}`,
      occurredAt: this.now,
      purchaseId: purchaseId as PurchaseId | null,
      memberNamed: false,
      whole: body.lines === undefined,
      lines: [],
      spentPoints: null,
      onlyPending: false,
      lookedUp: { candidates, waiting: null, referencedIds: [], earliestAt: null },
      ...body,
    };
  }

  applyDue({ accountId }: Person): Command {
    return this.command('account.applyDue', { kind: 'account', id: accountId }, {}, {});
  }

  /** A command that names a member this programme does not know. */
  unknown(command: Command): Command {
    return { ...command, target: { kind: 'identity', type: 'card', value: 'nobody' } };
  }

  command(
    type: string,
    target: Command['target'],
    body: object,
    options: Options & Partial<Pick<Command, 'natural' | 'counterparty'>>,
  ): Command {
    const { idempotencyKey, dryRun = false, explain = true, ...request } = options;
    const keyId = this.ids.next('key');
    const caller = { programmeId: this.config.programmeId, keyId, line: keyId, scopes: ['pos' as const] };
    const context = { ...contextOf(caller, this.ids, { dryRun, explain }), idempotencyKey };
    return commandOf({ type, target, body, ...request }, context);
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
    this.whereabouts.follow();
    for (const index of decided.lacking.keys()) this.lacking.add(commands[index] as Command);
    return decided;
  }

  /** Decides commands that arrived together; their outcomes. */
  batch(...commands: readonly Command[]): readonly Outcome[] {
    const { outcomes, deferred } = this.decide(...commands);
    if (deferred.size === 0) return outcomes;
    const again = [...deferred];
    const later = this.batch(...again.map((index) => commands[index] as Command));
    return outcomes.map((outcome, index) => later[again.indexOf(index)] ?? outcome);
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
      demands: null,
      accountId: owner?.accountId ?? null,
      memberId: owner?.memberId ?? null,
      counterparty: this.counterpartyOf(command, owner) ?? null,
      naturalClaim: (claim && this.claims.get(`${claim.scope} ${claim.key}`)) ?? null,
      keyClaim: this.claims.get(`idempotency-key ${idempotencyKey}`) ?? null,
      ...(this.lacking.has(command) ? { everything: new Set(this.accounts.keys()) } : {}),
    };
  }

  private counterpartyOf({ counterparty }: Command, owner: Person | undefined): Person | undefined {
    if (counterparty?.kind !== 'new') return counterparty && this.ownerOf(counterparty);
    if (!owner) return undefined;
    this.open(counterparty.id, null);
    this.whereabouts.visit(owner.memberId, counterparty.id);
    return { accountId: counterparty.id, memberId: owner.memberId };
  }

  private ownerOf(target: Target): Person | undefined {
    if (!('id' in target)) return undefined;
    if (target.kind === 'home') return this.whereabouts.atHome(target.id);
    if (target.kind === 'member') return this.whereabouts.now(target.id);
    if (target.kind === 'account') {
      const accountId = target.id as AccountId;
      if (!this.accounts.has(accountId)) return undefined;
      const memberId = this.whereabouts.head(accountId);
      this.whereabouts.visit(memberId, accountId);
      return { accountId, memberId };
    }
    for (const { accountId, members, account } of this.accounts.values()) {
      const [memberId] = [...members.keys()] as [MemberId];
      const { redemptions } = account.get('redemptions') as {
        redemptions: ReadonlyMap<string, { readonly memberId: MemberId }>;
      };
      const { recorded } = account.get('purchases') as {
        recorded: readonly { readonly facts: { readonly purchaseId: string }; readonly memberId: MemberId }[];
      };
      const done = account.get(activitiesSlice.name) as ReturnType<typeof activitiesSlice.read>;
      const { known } = account.get('adjustments') as { known: ReadonlyMap<string, unknown> };
      const redemption = redemptions.get(target.id);
      if (redemption) {
        this.whereabouts.visit(redemption.memberId, accountId);
        return { accountId, memberId: redemption.memberId };
      }
      const purchase = recorded.find(({ facts }) => facts.purchaseId === target.id);
      if (purchase) return this.whereabouts.now(purchase.memberId);
      const signedUp = account.get(registrationsSlice.name) as ReturnType<typeof registrationsSlice.read>;
      const act =
        done.recorded.find(({ facts }) => facts.activityId === target.id) ??
        signedUp.recorded.find(({ facts }) => facts.registrationId === target.id);
      if (act) return this.whereabouts.now(act.memberId);
      if (known.has(target.id)) return { accountId, memberId };
    }
    return undefined;
  }

  private entry(accountId: AccountId): AccountEntry {
    return this.accounts.get(accountId) as AccountEntry;
  }
}

/** A requested line with what is not said of it. */
export function requested(line: Partial<RequestedLine>): RequestedLine {
  return { lineNo: null, sku: null, quantity: null, amountMinor: null, ...line };
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
