import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { LeaderLock } from './leader-lock.store.js';
import { DATA_SOURCE } from '../tokens.js';
import { SettleDue } from './settle-due.js';

/** How often accounts with something due are looked for. */
export const SETTLE_EVERY_MS = 5_000;

/** What has to come after everything due was settled; is told when to stop. */
type Follower = (goOn: () => boolean) => Promise<unknown>;

/** Settles what is due, again and again, then what comes after; of several processes one at a time. */
@Injectable()
export class SettleDueJob implements OnApplicationBootstrap {
  private readonly logger = new Logger(SettleDueJob.name);
  private readonly leaderLock: LeaderLock;
  private readonly followers: Follower[] = [];
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    @Inject(DATA_SOURCE) dataSource: DataSource,
    private readonly settleDue: SettleDue,
  ) {
    this.leaderLock = new LeaderLock(dataSource, 'settle due');
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.running.then(() => this.tick());
    }, SETTLE_EVERY_MS);
  }

  /** Has something done by the leader each time after it settled what was due. */
  followedBy(follower: Follower): void {
    this.followers.push(follower);
  }

  /** Finishes the page under way and gives up the lead. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    await this.running;
    await this.leaderLock.release();
  }

  private async tick(): Promise<void> {
    if (this.stopped || !(await this.leaderLock.hold())) return;
    const goOn = (): boolean => !this.stopped;
    try {
      await this.settleDue.all(goOn);
      for (const follower of this.followers) if (goOn()) await follower(goOn);
    } catch (error) {
      this.logger.warn(`settling failed and will be tried again: ${String(error)}`);
    }
  }
}
