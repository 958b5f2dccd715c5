import { groupBy } from '../../kernel/group-by.js';
import { idToUuid, uuidToId, type AccountId, type IdPrefix } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/time.js';
import type { AccountEntry, Batch } from './batch-state.js';
import type { Command } from './command.js';
import type { Rules } from './decide.js';
import { agendaOf, mayBeDue } from './settle.js';
import { FRONT_STEPS, type AccountSlice, type Row } from './slice.js';
import type { SqlClient } from './sql-client.js';

type Details = NonNullable<AccountSlice<unknown>['details']>;

/** By account, what its commands name. */
type Subjects = Map<AccountId, Set<string>>;

/** Stands behind the last step of the front: everything there is. */
const EVERYTHING = FRONT_STEPS.length;

/**
 * Loads what slices have beyond the account's row, for the commands that ask for it and where something is due. Of an
 * account whose commands get along with the front of it, no more than that is loaded.
 */
export class DetailsLoader {
  private readonly agenda: ReturnType<typeof agendaOf>;
  /** How often commands met the end of what was loaded for them. */
  private readonly met = new WeakMap<Command, number>();

  constructor(
    private readonly rules: Rules,
    private readonly slices: readonly AccountSlice<unknown>[],
  ) {
    this.agenda = agendaOf(rules.slices);
  }

  /** From now on the command is decided with more of its accounts at hand, in the end with everything. */
  demandMoreFor(command: Command): void {
    this.met.set(command, (this.met.get(command) ?? 0) + 1);
  }

  /** Whether there is no more that the command could be given, for it has asked before. */
  isAllFor(command: Command): boolean {
    return this.met.has(command) && this.stepOf(command) === EVERYTHING;
  }

  /** Whether the command is decided on more than the account's row, though nothing may be due. */
  needed(command: Command): boolean {
    return this.met.has(command) || this.handlerOf(command)?.needsDetails(command.body) === true;
  }

  /** Puts them into the batch's accounts. @returns the accounts of which there were any to be loaded. */
  async load(client: SqlClient, batch: Batch, now: Instant): Promise<readonly AccountId[]> {
    const { steps, subjects } = this.wanted(batch, now);
    const accountIds = [...steps.keys()];
    if (accountIds.length === 0) return accountIds;
    for (const slice of this.slices) {
      const { name, details } = slice;
      if (!details) continue;
      const limits = frontLimits(slice, steps, batch);
      const whole = accountIds.filter((id) => !limits.has(id));
      if (whole.length > 0) {
        const rows = await readAll(client, name, details, whole, subjects);
        join(batch, { name, details }, whole, rows, subjects, (state, own) => details.merge(state, own));
      }
      const { front } = details;
      if (front && limits.size > 0) {
        const ids = [...limits.keys()];
        const rows = await readFront(client, name, details, front, limits, subjects);
        join(batch, { name, details }, ids, rows, subjects, (state, own, id) =>
          front.merge(state, own, limits.get(id) as number),
        );
      }
    }
    return accountIds;
  }

  private handlerOf({ type }: Command) {
    return this.rules.handlers.get(type);
  }

  /** How far the command sees: the place of its step among `FRONT_STEPS`, or `EVERYTHING`. */
  private stepOf(command: Command): number {
    const front = this.handlerOf(command)?.front;
    if (!front) return EVERYTHING;
    return Math.min(FRONT_STEPS.indexOf(front) + (this.met.get(command) ?? 0), EVERYTHING);
  }

  /** Of which accounts details are loaded, up to which step, and what the commands name. */
  private wanted(batch: Batch, now: Instant) {
    const steps = new Map<AccountId, number>();
    const subjects: Subjects = new Map();
    for (const { command, accountId, counterparty } of batch.commands) {
      const handler = this.handlerOf(command);
      const asked = this.needed(command);
      for (const id of [accountId, counterparty?.accountId ?? null]) {
        const entry = id === null ? undefined : batch.accounts.get(id);
        if (!entry) continue;
        // What is due is settled with all of it.
        const due = mayBeDue(entry.account, this.agenda, Math.max(now, entry.recordedUntil));
        const step = due ? EVERYTHING : this.stepOf(command);
        if (due || asked) steps.set(entry.accountId, Math.max(steps.get(entry.accountId) ?? 0, step));
        name(subjects, entry.accountId, handler?.subjects?.(command.body));
      }
    }
    return { steps, subjects };
  }
}

function name(subjects: Subjects, accountId: AccountId, ids: readonly string[] = []): void {
  if (ids.length === 0) return;
  const named = subjects.get(accountId) ?? new Set();
  for (const id of ids) named.add(id);
  subjects.set(accountId, named);
}

/** Of which accounts the front of a slice is enough, and how much of it. */
function frontLimits(
  { name: slice, details }: AccountSlice<unknown>,
  steps: ReadonlyMap<AccountId, number>,
  batch: Batch,
): ReadonlyMap<AccountId, number> {
  const limits = new Map<AccountId, number>();
  const front = details?.front;
  if (!front) return limits;
  for (const [accountId, place] of steps) {
    const step = FRONT_STEPS[place];
    if (step && front.suffices(batch.accounts.get(accountId)?.account.get(slice)))
      limits.set(accountId, front.limits[step]);
  }
  return limits;
}

/** Puts one slice's rows into the states of some accounts; what they name joins the subjects. */
function join(
  batch: Batch,
  { name: slice, details }: { readonly name: string; readonly details: Details },
  accountIds: readonly AccountId[],
  rows: readonly Row[],
  subjects: Subjects,
  merge: (state: unknown, rows: readonly Row[], accountId: AccountId) => unknown,
): void {
  const byAccount = groupBy(rows, (row) => uuidToId('acc', row['account_id'] as string));
  for (const accountId of accountIds) {
    const { account } = batch.accounts.get(accountId) as AccountEntry;
    const own = byAccount.get(accountId) ?? [];
    account.set(slice, merge(account.get(slice), own, accountId));
    name(subjects, accountId, details.names?.(own));
  }
}

async function readAll(
  client: SqlClient,
  slice: string,
  { sql, subjects: kinds, onlySubjects }: Details,
  accountIds: readonly AccountId[],
  subjects: Subjects,
): Promise<readonly Row[]> {
  const named = [
    ...new Set([...subjects.keys()].flatMap((accountId) => namedOf(kinds, accountId, subjects))),
  ];
  if (onlySubjects && named.length === 0) return [];
  const values = [accountIds.map(idToUuid), named.map(idToUuid)];
  return (await client.query({ name: `pipeline-details-${slice}`, text: sql, values })).rows;
}

async function readFront(
  client: SqlClient,
  slice: string,
  { subjects: kinds }: Details,
  { sql }: NonNullable<Details['front']>,
  limits: ReadonlyMap<AccountId, number>,
  subjects: Subjects,
): Promise<readonly Row[]> {
  const accountIds = [...limits.keys()];
  const named = accountIds.flatMap((accountId) =>
    namedOf(kinds, accountId, subjects).map((id) => [id, accountId] as const),
  );
  const [ids, owners] = [named.map(([id]) => idToUuid(id)), named.map(([, owner]) => idToUuid(owner))];
  const values = [accountIds.map(idToUuid), ids, owners, [...limits.values()]];
  return (await client.query({ name: `pipeline-front-${slice}`, text: sql, values })).rows;
}

function namedOf(kinds: readonly IdPrefix[], accountId: AccountId, subjects: Subjects): string[] {
  return [...(subjects.get(accountId) ?? [])].filter((id) => kinds.some((kind) => id.startsWith(`${kind}_`)));
}
