import type { AccountId } from '../../kernel/ids.js';
import type { LoadedCommand, NewClaim, StoredClaim } from './batch-state.js';
import type { Claim, Command, CommandHandler, Outcome } from './command.js';
import { pipelineProblems } from './problems.js';

/** Who claimed what: stored before, or made by an earlier command of the same batch. */
export class BatchClaims {
  readonly made: NewClaim[] = [];
  private readonly inBatch = new Map<string, NewClaim>();
  private found: NewClaim | null = null;

  /** The claim of this batch that the last judgement rested on. */
  get foundInBatch(): NewClaim | null {
    return this.found;
  }

  /** The outcome that an earlier claim already settles, or null when the command is to be decided. */
  judge(loaded: LoadedCommand, handler: CommandHandler): Outcome | null {
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
    if (!key && command.idempotencyKey !== null && !command.dryRun) {
      // Where the first answer is this very batch's, what guards it guards the new claim, too.
      const guarded = this.foundInBatch?.guarded ?? false;
      const claim = { scope: 'idempotency-key', key: command.idempotencyKey } as const;
      this.store(command, claim, { ...first, answer: null }, guarded);
    }
    const own = first.commandId === command.commandId;
    return { kind: 'answered', status: own ? first.status : 200, body: first.answer, replayed: !own };
  }

  /**
   * Claims for a command that was answered.
   * @param written whether its account is written with the batch, so that the claims rest on that; a command that
   * found nothing to do is remembered only under the claims of its caller.
   */
  make(
    command: Command,
    accountId: AccountId,
    answer: { readonly status: number; readonly body: string },
    written: boolean,
  ): void {
    const { commandId, fingerprint, targetFingerprint } = command;
    const { status, body } = answer;
    const stored: StoredClaim = {
      fingerprint,
      targetFingerprint,
      commandId,
      accountId,
      status,
      answer: body,
    };
    if (command.natural) this.store(command, command.natural, stored, written);
    if (command.idempotencyKey !== null) {
      const claim = { scope: 'idempotency-key', key: command.idempotencyKey } as const;
      this.store(command, claim, command.natural ? { ...stored, answer: null } : stored, written);
    }
    // Without any claim of the caller's, the command's own id lets a retry after a lost COMMIT find itself.
    if (written && !command.natural && command.idempotencyKey === null) {
      this.store(command, { scope: 'command', key: commandId }, stored, true);
    }
  }

  private find(command: Command, scope: string, key: string | null): NewClaim | undefined {
    const found = key === null ? undefined : this.inBatch.get(`${command.programmeId} ${scope} ${key}`);
    if (found) this.found = found;
    return found;
  }

  private store({ programmeId }: Command, claim: Claim, stored: StoredClaim, guarded: boolean): void {
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
      guarded,
    };
    this.inBatch.set(`${programmeId} ${claim.scope} ${claim.key}`, made);
    this.made.push(made);
  }
}

/** The same body for the same account, however it was named: a till may know a member by card or by phone. */
function isSameRequest(claim: StoredClaim, { command, accountId }: LoadedCommand): boolean {
  if (claim.fingerprint !== command.fingerprint) return false;
  return claim.targetFingerprint === command.targetFingerprint || claim.accountId === accountId;
}
