import type { AccountEntry, Batch, LoadedCommand, NewClaim, StoredClaim } from '../batch/batch-state.js';
import type { Claim, Command, CommandHandler, Outcome } from '../contract/command.js';
import { pipelineProblems } from '../contract/problems.js';

/** Claims that are stored, or were made by an earlier command of the same batch. */
export class BatchClaims {
  readonly made: NewClaim[] = [];
  private readonly inBatch = new Map<string, NewClaim>();
  private found: NewClaim | null = null;

  constructor(private readonly accounts: Batch['accounts']) {}

  /** The claim of this batch on which the last `earlierOutcome` was based. */
  get foundInBatch(): NewClaim | null {
    return this.found;
  }

  /** The outcome that follows from an earlier claim; null if the command is to be decided. */
  earlierOutcome(loaded: LoadedCommand, handler: CommandHandler): Outcome | null {
    const { command } = loaded;
    this.found = null;
    const key = loaded.keyClaim ?? this.find(command, 'idempotency-key', command.idempotencyKey);
    if (key && !isSameRequest(key, loaded)) {
      const detail = 'This Idempotency-Key was used with another request body.';
      return { kind: 'refused', problem: pipelineProblems.problem('IDEMPOTENCY_KEY_REUSED', detail) };
    }
    const natural =
      loaded.naturalClaim ??
      (command.natural && this.find(command, command.natural.scope, command.natural.key));
    if (natural && !isSameRequest(natural, loaded)) {
      return { kind: 'refused', problem: handler.naturalConflict(command.body) };
    }
    const first = natural ?? key;
    if (!first || first.answer === null) return null;
    if (!key) this.storeKey(loaded, first);
    const own = first.commandId === command.commandId;
    return { kind: 'answered', status: own ? first.status : 200, body: first.answer, replayed: !own };
  }

  /** Makes the claims of an answered command. A command that changed nothing has only the claims of its caller. */
  make(
    command: Command,
    entry: AccountEntry,
    { status, body }: { readonly status: number; readonly body: string },
  ): void {
    const { commandId, fingerprint, targetFingerprint } = command;
    const { accountId } = entry;
    const stored: StoredClaim = {
      fingerprint,
      targetFingerprint,
      commandId,
      accountId,
      status,
      answer: body,
    };
    if (command.natural) this.store(command, command.natural, stored, entry);
    if (command.idempotencyKey !== null) {
      const claim = { scope: 'idempotency-key', key: command.idempotencyKey } as const;
      this.store(command, claim, command.natural ? { ...stored, answer: null } : stored, entry);
    }
    // Without a claim of the caller, the command's own id lets a retry after a lost COMMIT find itself.
    if (entry.changed && !command.natural && command.idempotencyKey === null) {
      this.store(command, { scope: 'command', key: commandId }, stored, entry);
    }
  }

  /**
   * Stores the key of a repeat that had none before: with the account that the command finds now, or, if the first
   * answer is of this batch, with that answer's account. A repeat that finds no account leaves no key.
   */
  private storeKey({ command, accountId }: LoadedCommand, first: StoredClaim): void {
    const { idempotencyKey, dryRun } = command;
    const place = this.foundInBatch ? first.accountId : accountId;
    const entry = place === null ? undefined : this.accounts.get(place);
    if (idempotencyKey === null || dryRun || !entry) return;
    const claim = { scope: 'idempotency-key', key: idempotencyKey } as const;
    this.store(command, claim, { ...first, accountId: entry.accountId, answer: null }, entry);
  }

  private find(command: Command, scope: string, key: string | null): NewClaim | undefined {
    const found = key === null ? undefined : this.inBatch.get(`${command.programmeId} ${scope} ${key}`);
    if (found) this.found = found;
    return found;
  }

  /** A claim is written with its account, and only with it. */
  private store({ programmeId }: Command, claim: Claim, stored: StoredClaim, entry: AccountEntry): void {
    const { fingerprint, targetFingerprint, commandId, accountId, status, answer } = stored;
    const made: NewClaim = {
      fingerprint,
      targetFingerprint,
      commandId,
      accountId,
      status,
      answer,
      programmeId,
      claim,
    };
    entry.changed = true;
    this.inBatch.set(`${programmeId} ${claim.scope} ${claim.key}`, made);
    this.made.push(made);
  }
}

/** The same body for the same account, however it was named: a till may know a member by card or by phone. */
function isSameRequest(claim: StoredClaim, { command, accountId }: LoadedCommand): boolean {
  if (claim.fingerprint !== command.fingerprint) return false;
  return claim.targetFingerprint === command.targetFingerprint || claim.accountId === accountId;
}
