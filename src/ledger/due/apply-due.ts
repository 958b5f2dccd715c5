import { Inject, Injectable, Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { AccountId, IdSource, ProgrammeId } from '../../kernel/ids.js';
import type { Clock } from '../../kernel/time.js';
import { Metrics } from '../../platform/observability/metrics.js';
import { databaseProblem, DueTargets, Pipeline, type DueTarget } from '../../platform/pipeline/index.js';
import { CLOCK, DATA_SOURCE, IDS } from '../../platform/tokens.js';
import { engineCommand } from '../../platform/jobs/engine-command.js';
import { UndecidedAccountsError } from './undecided-accounts.js';

/** Accounts taken at a time. */
const DUE_PAGE = 500;
const MS_PER_SECOND = 1000;

interface DueScope {
  /** Default: all. */
  readonly programmeId?: ProgrammeId;
  readonly signal?: AbortSignal | undefined;
  readonly pageSize: number;
}

/**
 * Applies what fell due on accounts without other commands: lapsed holds give their points back, lots past their last
 * instant expire. The next decision on the account would do the same, at the same business time; so the caller, the
 * time and the number of calls make no difference.
 */
@Injectable()
export class ApplyDue {
  private readonly logger = new Logger(ApplyDue.name);

  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    private readonly pipeline: Pipeline,
    private readonly targets: DueTargets,
    private readonly metrics: Metrics,
  ) {
    metrics.watchOverdue(async () => {
      const now = this.clock.now();
      const age = now - ((await targets.oldestBy(this.dataSource, now)) ?? now);
      return age / MS_PER_SECOND;
    });
  }

  /** Applies what fell due on one account. @returns whether the command was answered. */
  async account(programmeId: ProgrammeId, accountId: AccountId): Promise<boolean> {
    return (await this.decide({ programmeId, accountId, memberId: null })) === 'answered';
  }

  /** Applies what fell due on some accounts and members. @returns how many of them could not be decided. */
  async of(targets: readonly DueTarget[]): Promise<number> {
    const undecided = new Map<AccountId, Error>();
    const outcomes = await Promise.all(targets.map((target) => this.attempt(target, undecided)));
    this.metrics.dueApplied(outcomes.filter((outcome) => outcome === 'answered').length);
    return outcomes.filter((outcome) => outcome === 'undecided').length;
  }

  /**
   * Applies everything due by now in all programmes.
   * @param signal ends it after the current page.
   * @returns the number of accounts and members on which something was due.
   * @throws UndecidedAccountsError once all others are done.
   */
  all(signal?: AbortSignal, pageSize = DUE_PAGE): Promise<number> {
    return this.pages({ signal, pageSize });
  }

  /** Applies everything due by now in one programme. @throws UndecidedAccountsError once all others are done. */
  ofProgramme(programmeId: ProgrammeId): Promise<number> {
    return this.pages({ programmeId, pageSize: DUE_PAGE });
  }

  /** A page at a time: what is the accounts' own, and what is each of their members'. */
  private async pages({ programmeId, signal, pageSize }: DueScope): Promise<number> {
    let applied = 0;
    let before: ReadonlySet<string> = new Set();
    const undecided = new Map<AccountId, Error>();
    for (;;) {
      const asked = { programmeId, except: [...undecided.keys()], limit: pageSize };
      const due = await this.targets.dueBy(this.dataSource, this.clock.now(), asked);
      const outcomes = await Promise.all(due.map((target) => this.attempt(target, undecided)));
      const done = outcomes.filter((outcome) => outcome === 'answered').length;
      applied += done;
      this.metrics.dueApplied(done);
      // What cannot be decided is left out of the next page, which is another one then.
      const isOther = outcomes.includes('undecided') || !due.every((target) => before.has(nameOf(target)));
      // A page without any success, or all of which is still due, would come again for ever (that it is overdue is a
      // metric). A page that is not full need not be the last: an account with several due lots is in it once.
      if (signal?.aborted || !isOther || (done === 0 && !outcomes.includes('undecided'))) break;
      before = new Set(due.map(nameOf));
    }
    if (undecided.size > 0) throw new UndecidedAccountsError(undecided);
    return applied;
  }

  /** @throws what is the fault of the database and not of the account */
  private async attempt(
    target: DueTarget,
    undecided: Map<AccountId, Error>,
  ): Promise<'answered' | 'refused' | 'undecided'> {
    try {
      return await this.decide(target);
    } catch (error) {
      if (databaseProblem(error) !== null) throw error;
      const known = error instanceof Error ? error : new Error(String(error));
      undecided.set(target.accountId, known);
      this.logger.error({
        message: 'what is due cannot be applied',
        accountId: target.accountId,
        error: known,
      });
      return 'undecided';
    }
  }

  private async decide(target: DueTarget): Promise<'answered' | 'refused'> {
    await this.pipeline.whenRoom();
    const { kind } = await this.pipeline.submit(engineCommand('account.applyDue', target, this.ids, {}));
    return kind === 'answered' ? 'answered' : 'refused';
  }
}

function nameOf({ accountId, memberId }: DueTarget): string {
  return `${accountId} ${memberId}`;
}
