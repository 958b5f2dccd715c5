import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { AccountId, IdSource, ProgrammeId } from '../../kernel/ids.js';
import type { Clock } from '../../kernel/time.js';
import { Leadership } from '../bus/leadership.store.js';
import { Pipeline } from '../pipeline/pipeline.js';
import { CLOCK, DATA_SOURCE, IDS } from '../tokens.js';
import { dueAccounts } from './due-accounts.query.js';

/** How often accounts with something due are looked for. */
export const SETTLE_EVERY_MS = 5_000;
/** Accounts taken at a time. */
export const SETTLE_PAGE = 500;

/**
 * Settles accounts that nobody touches: lapsed holds give their points back, lots past their last instant
 * expire. The command does nothing that the next decision on the account would not do by itself, at the same
 * business time; so it does not matter when, or how often, the job runs.
 */
@Injectable()
export class SettleDueJob implements OnApplicationBootstrap {
  private readonly logger = new Logger(SettleDueJob.name);
  private readonly leadership: Leadership;
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<number> = Promise.resolve(0);
  private stopped = false;

  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    private readonly pipeline: Pipeline,
  ) {
    this.leadership = new Leadership(dataSource, 'settle due');
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.running.then(() => this.tick());
    }, SETTLE_EVERY_MS);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    await this.running;
    await this.leadership.release();
  }

  /** Settles everything due by now. @returns how many accounts were settled. */
  async run(): Promise<number> {
    let settled = 0;
    for (;;) {
      const due = await dueAccounts(this.dataSource, this.clock.now(), SETTLE_PAGE);
      const outcomes = await Promise.all(due.map((account) => this.settle(account)));
      const done = outcomes.filter((answered) => answered).length;
      settled += done;
      // A page without any success would come again for ever.
      if (this.stopped || due.length < SETTLE_PAGE || done === 0) return settled;
    }
  }

  private async tick(): Promise<number> {
    if (this.stopped || !(await this.leadership.hold())) return 0;
    return this.run().catch((error: unknown) => {
      this.logger.warn(`settling failed and will be tried again: ${String(error)}`);
      return 0;
    });
  }

  private async settle({ programmeId, accountId }: { programmeId: ProgrammeId; accountId: AccountId }): Promise<boolean> {
    await this.pipeline.whenRoom();
    const outcome = await this.pipeline.submit({
      type: 'account.settle',
      commandId: this.ids.next('evt'),
      programmeId,
      target: { kind: 'account', id: accountId },
      body: {},
      natural: null,
      idempotencyKey: null,
      fingerprint: '00',
      actor: 'job settle-due',
      dryRun: false,
    });
    return outcome.kind === 'answered';
  }
}
