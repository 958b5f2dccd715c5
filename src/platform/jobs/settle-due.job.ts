import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { Leadership } from '../bus/leadership.store.js';
import { DATA_SOURCE } from '../tokens.js';
import { SettleDue } from './settle-due.js';

/** How often accounts with something due are looked for. */
export const SETTLE_EVERY_MS = 5_000;

/** Settles what is due, again and again; of several processes one at a time. */
@Injectable()
export class SettleDueJob implements OnApplicationBootstrap {
  private readonly logger = new Logger(SettleDueJob.name);
  private readonly leadership: Leadership;
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    @Inject(DATA_SOURCE) dataSource: DataSource,
    private readonly settleDue: SettleDue,
  ) {
    this.leadership = new Leadership(dataSource, 'settle due');
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.running.then(() => this.tick());
    }, SETTLE_EVERY_MS);
  }

  /** Finishes the page under way and gives up the lead. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    await this.running;
    await this.leadership.release();
  }

  private async tick(): Promise<void> {
    if (this.stopped || !(await this.leadership.hold())) return;
    try {
      await this.settleDue.all(() => !this.stopped);
    } catch (error) {
      this.logger.warn(`settling failed and will be tried again: ${String(error)}`);
    }
  }
}
