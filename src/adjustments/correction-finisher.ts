import { Inject, Injectable, Logger } from '@nestjs/common';
import type { AdjustmentId, IdSource } from '../kernel/ids.js';
import type { Clock } from '../kernel/time.js';
import { engineCommand } from '../platform/jobs/engine-command.js';
import { Pipeline } from '../platform/pipeline/index.js';
import { CLOCK, IDS } from '../platform/tokens.js';
import { AdjustmentQuery, type InterruptedCorrection } from './adjustment.query.js';
import { takeElsewhere, type TakeElsewhereBody } from './take-elsewhere.handler.js';

/** For so long after it was posted, in milliseconds, a correction is left to the request that posted it. */
export const LEFT_TO_ITS_REQUEST_MS = 60_000;
/** Corrections read at a time. */
const PAGE = 100;

/** Finishes corrections whose request ended before it had taken their points in every account. */
@Injectable()
export class CorrectionFinisher {
  private readonly logger = new Logger(CorrectionFinisher.name);

  constructor(
    private readonly query: AdjustmentQuery,
    private readonly pipeline: Pipeline,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /**
   * Takes what is still to be taken of every interrupted correction. One that is refused stays for the next time.
   * @param signal ends it after the correction under way.
   */
  async finishAll(signal: AbortSignal, page = PAGE): Promise<void> {
    const before = this.clock.now() - LEFT_TO_ITS_REQUEST_MS;
    let after: AdjustmentId | null = null;
    for (;;) {
      const found: readonly InterruptedCorrection[] = await this.query.interrupted(before, after, page);
      for (const correction of found) {
        if (signal.aborted) return;
        await this.finish(correction);
      }
      after = found.at(-1)?.made.adjustmentId ?? null;
      if (found.length < page) return;
    }
  }

  private async finish({ programmeId, made, namedLots }: InterruptedCorrection): Promise<void> {
    const { adjustmentId, correctsId, outcome } = made;
    const body: TakeElsewhereBody = { adjustmentId, correctsId: correctsId as AdjustmentId, namedLots };
    for (const { accountId } of outcome?.elsewhere ?? []) {
      await this.pipeline.whenRoom();
      const account = { programmeId, accountId };
      const home = { kind: 'adjustment', id: adjustmentId } as const;
      const said = engineCommand(takeElsewhere.type, account, this.ids, body, home);
      const done = await this.pipeline.submit(said);
      if (done.kind === 'answered') continue;
      const { code } = done.problem;
      this.logger.warn({ message: 'a correction could not be finished', adjustmentId, accountId, code });
    }
  }
}
