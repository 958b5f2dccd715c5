import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Clock } from '../../kernel/time.js';
import { CLOCK, DATA_SOURCE } from '../../platform/tokens.js';
import { otherKeyNotice, type AnchorSigning } from './anchor-key.js';
import { AnchorMaker } from './anchor-maker.js';
import { AnchorStore } from './anchor.store.js';

/** What the job is given by the composition root. */
export const ANCHORING = Symbol('Anchoring');
export interface Anchoring {
  readonly signing: AnchorSigning;
  /** Whether this process makes anchors by itself. */
  readonly background: boolean;
}

/** Makes the anchors of days that are over, those that were missed included. */
@Injectable()
export class AnchorRounds implements OnApplicationBootstrap {
  private readonly logger = new Logger('Anchors');
  private readonly store: AnchorStore;
  private readonly maker: AnchorMaker;
  private dueBefore = '';

  constructor(
    @Inject(DATA_SOURCE) dataSource: DataSource,
    @Inject(CLOCK) clock: Clock,
    @Inject(ANCHORING) private readonly anchoring: Anchoring,
  ) {
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
  }

  /**
   * Looks once. Anchors are made when the same days were due at the look before: a machine that slept over midnight
   * wakes with decisions of the evening still to be written, and has a minute for them.
   * @param signal ends it before the next anchor.
   */
  async look(signal?: AbortSignal): Promise<void> {
    const due = await this.maker.dueNow();
    const dueBefore = this.dueBefore;
    this.dueBefore = due;
    if (due === '' || due !== dueBefore) return;
    const made = await this.maker.makeDue(signal);
    for (const { programmeId, day, accounts } of made) {
      this.logger.log(`anchored ${day} of ${programmeId}: ${accounts} accounts`);
    }
  }
}
