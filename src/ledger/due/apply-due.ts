import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { AccountId, IdSource, ProgrammeId } from '../../kernel/ids.js';
import type { Clock } from '../../kernel/time.js';
import { Metrics } from '../../platform/observability/metrics.js';
import { DueTargets, Pipeline, type DueTarget } from '../../platform/pipeline/index.js';
import { CLOCK, DATA_SOURCE, IDS } from '../../platform/tokens.js';
import { engineCommand } from '../../platform/jobs/engine-command.js';

/** Accounts taken at a time. */
const DUE_PAGE = 500;
const MS_PER_SECOND = 1000;

/**
 * Applies what fell due on accounts without other commands: lapsed holds give their points back, lots past their last
 * instant expire. The next decision on the account would do the same, at the same business time; so the caller, the
 * time and the number of calls make no difference.
 */
@Injectable()
export class ApplyDue {
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
  account(programmeId: ProgrammeId, accountId: AccountId): Promise<boolean> {
    return this.apply({ programmeId, accountId, memberId: null });
  }

  /**
   * Applies everything due by now, a page at a time: what is the accounts' own, and what is each of their members'.
   * @param signal ends it after the current page.
   * @returns the number of accounts and members on which something was due.
   */
  async all(signal?: AbortSignal, pageSize = DUE_PAGE): Promise<number> {
    let applied = 0;
    let before: ReadonlySet<string> = new Set();
    for (;;) {
      const due = await this.targets.dueBy(this.dataSource, this.clock.now(), pageSize);
      const outcomes = await Promise.all(due.map((target) => this.apply(target)));
      const done = outcomes.filter((answered) => answered).length;
      applied += done;
      this.metrics.dueApplied(done);
      // A page without any success, or all of which is still due, would come again for ever (that it is overdue is a
      // metric). A page that is not full need not be the last: an account with several due lots is in it once.
      if (signal?.aborted || done === 0 || due.every((target) => before.has(nameOf(target)))) return applied;
      before = new Set(due.map(nameOf));
    }
  }

  private async apply(target: DueTarget): Promise<boolean> {
    await this.pipeline.whenRoom();
    const outcome = await this.pipeline.submit(engineCommand('account.applyDue', target, this.ids, {}));
    return outcome.kind === 'answered';
  }
}

function nameOf({ accountId, memberId }: DueTarget): string {
  return `${accountId} ${memberId}`;
}
