import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Clock } from '../../kernel/time.js';
import { LeaderLock } from '../../platform/jobs/leader-lock.store.js';
import { CLOCK, DATA_SOURCE } from '../../platform/tokens.js';
import { otherKeyNotice, type AnchorSigning } from './anchor-key.js';
import { AnchorMaker } from './anchor-maker.js';
import { AnchorStore } from './anchor.store.js';

/** How often it is looked whether a day is over. */
export const ANCHOR_EVERY_MS = 60_000;
/** The lock of the process that makes anchors. */
export const ANCHOR_LOCK = 'anchors';

/** What the job is given by the composition root. */
export const ANCHORING = Symbol('Anchoring');
export interface Anchoring {
  readonly signing: AnchorSigning;
  /** Whether this process makes anchors by itself. */
  readonly background: boolean;
}

/** Makes the anchors of days that are over, those that were missed included; of several processes one at a time. */
@Injectable()
export class AnchorJob implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(AnchorJob.name);
  private readonly leaderLock: LeaderLock;
  private readonly store: AnchorStore;
  private readonly maker: AnchorMaker;
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private dueBefore = '';

  constructor(
    @Inject(DATA_SOURCE) dataSource: DataSource,
    @Inject(CLOCK) clock: Clock,
    @Inject(ANCHORING) private readonly anchoring: Anchoring,
  ) {
    this.leaderLock = new LeaderLock(dataSource, ANCHOR_LOCK);
    this.store = new AnchorStore(dataSource);
    this.maker = new AnchorMaker(this.store, clock, anchoring.signing);
  }

  async onApplicationBootstrap(): Promise<void> {
    const { background, signing } = this.anchoring;
    if (!background) return;
    if (signing.state === 'unsigned') this.logger.warn(`anchors will not be signed: ${signing.reason}`);
    else {
      const known = (await this.store.keys()).map(({ keyId }) => keyId);
      const notice = otherKeyNotice(signing.signer.keyId, known);
      if (notice !== null) this.logger.warn(notice);
    }
    this.timer = setInterval(() => {
      this.running = this.running.then(() => this.tick());
    }, ANCHOR_EVERY_MS);
  }

  /** Finishes the anchor under way. */
  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    await this.running;
  }

  /**
   * Looks once. Anchors are made when the same days were due at the look before: a machine that slept over
   * midnight wakes with decisions of the evening still to be written, and has a minute for them. The lock is
   * given up again at once, as a whole day lies between two anchors.
   */
  async tick(): Promise<void> {
    if (this.stopped || !(await this.leaderLock.hold())) return;
    try {
      const due = await this.maker.dueNow();
      const dueBefore = this.dueBefore;
      this.dueBefore = due;
      if (due === '' || due !== dueBefore) return;
      const made = await this.maker.makeDue(() => !this.stopped);
      for (const { programmeId, day, accounts } of made) {
        this.logger.log(`anchored ${day} of ${programmeId}: ${accounts} accounts`);
      }
    } catch (error) {
      this.logger.warn(`making anchors failed and will be tried again: ${String(error)}`);
    } finally {
      await this.leaderLock.release();
    }
  }
}
