import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { IdSource, ProgrammeId } from '../kernel/ids.js';
import type { Clock } from '../kernel/time.js';
import { engineCommand } from '../platform/jobs/engine-command.js';
import { Pipeline } from '../platform/pipeline/index.js';
import { CLOCK, DATA_SOURCE, IDS } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { programmeZones } from '../platform/versioned-config/programme-zones.query.js';
import { calendarFingerprint } from './calendar-rules.js';
import {
  CalendarPlanStore,
  NO_MEMBER,
  type CalendarPlan,
  type MemberToPlan,
} from './calendar-plans.store.js';

/** Members taken at a time. */
const PLAN_PAGE = 500;
/** How long a change of a member may take to be committed, in milliseconds. */
const COMMIT_MS = 60_000;

/**
 * Keeps stored when each member's next anniversary comes. A publication that can move it starts a walk over all
 * members, a page at a time, which goes on where it was cut off; after that, members whose rows changed are planned
 * anew. Until a member is planned, each command on the member works the day out by itself.
 */
@Injectable()
export class CalendarPlanner {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    private readonly configs: ConfigCache,
    private readonly pipeline: Pipeline,
    private readonly plans: CalendarPlanStore,
  ) {}

  /** @param signal ends it after the page under way. */
  async planAll(signal?: AbortSignal, pageSize = PLAN_PAGE): Promise<void> {
    for (const { programmeId } of await programmeZones(this.dataSource)) {
      const fingerprint = calendarFingerprint(await this.configs.current(programmeId));
      const known = await this.plans.find(programmeId);
      if (fingerprint === '' && !known) continue;
      const plan = known?.fingerprint === fingerprint ? known : this.begun(fingerprint);
      const walked = await this.walkAll(programmeId, plan, pageSize, signal);
      if (walked.afterMember === null) await this.walkChanges(programmeId, walked, pageSize, signal);
      if (signal?.aborted) return;
    }
  }

  private begun(fingerprint: string): CalendarPlan {
    const beganAt = this.clock.now();
    return { fingerprint, beganAt, afterMember: NO_MEMBER, changedAt: beganAt };
  }

  private async walkAll(
    programmeId: ProgrammeId,
    begun: CalendarPlan,
    pageSize: number,
    signal?: AbortSignal,
  ): Promise<CalendarPlan> {
    let plan = begun;
    while (plan.afterMember !== null && !signal?.aborted) {
      const page = await this.plans.all(programmeId, plan.afterMember, pageSize);
      await this.plan(page);
      plan = { ...plan, afterMember: page.at(-1)?.uuid ?? null };
      await this.plans.save(programmeId, plan);
    }
    return plan;
  }

  /** Looks a while back each time: changes are committed in another order than they have times. */
  private async walkChanges(
    programmeId: ProgrammeId,
    plan: CalendarPlan,
    pageSize: number,
    signal?: AbortSignal,
  ): Promise<void> {
    let [since, after] = [plan.changedAt - COMMIT_MS, NO_MEMBER];
    while (!signal?.aborted) {
      const page = await this.plans.changed(programmeId, since, after, pageSize);
      await this.plan(page);
      const last = page.at(-1);
      if (!last) return;
      [since, after] = [last.updatedAt, last.uuid];
      const changedAt = Math.max(plan.changedAt, since);
      await this.plans.save(programmeId, { ...plan, changedAt });
    }
  }

  private async plan(page: readonly MemberToPlan[]): Promise<void> {
    await Promise.all(
      page.map(async (member) => {
        await this.pipeline.whenRoom();
        await this.pipeline.submit(engineCommand('member.planGifts', member, this.ids, {}));
      }),
    );
  }
}
