import { Inject, Injectable } from '@nestjs/common';
import type { Clock, Instant } from '../../kernel/time.js';
import { CLOCK } from '../tokens.js';

/** For so long after the last write that failed for want of resources a process says that it is not ready. */
export const UNREADY_MS = 10_000;

/**
 * Whether the database accepted the last writes. A full disk shows only on a write, so the pipeline's own writes are
 * the probe; after a while without any, the next ones are let through.
 */
@Injectable()
export class WriteHealth {
  private failedAt: Instant | null = null;

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  get failing(): boolean {
    return this.failedAt !== null && this.clock.now() - this.failedAt < UNREADY_MS;
  }

  /** @param kind as `classifySqlError` has it. */
  failed(kind: string): void {
    if (kind === 'unavailable') this.failedAt = this.clock.now();
  }

  committed(): void {
    this.failedAt = null;
  }
}
