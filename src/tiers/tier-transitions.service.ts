import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { ProgrammeId } from '../kernel/ids.js';
import { formatInstant, type Clock } from '../kernel/time.js';
import { ApplyDue } from '../ledger/index.js';
import { CLOCK, DATA_SOURCE } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { programmeZones } from '../platform/versioned-config/programme-zones.query.js';
import { laddersMet } from './ladder-versions.js';
import { NO_MEMBER, TierTransitionStore, type TierTransition } from './tier-transitions.store.js';

/** Members taken at a time. */
const PAGE = 500;

/** How far members have met the ladder in force. */
export interface TransitionView {
  /** `none` where no version changes a standing by itself, `waiting` until the job begins. */
  readonly state: 'none' | 'waiting' | 'running' | 'done';
  readonly members: number | null;
  readonly done: number | null;
  readonly undecided: number | null;
  readonly beganAt: string | null;
  readonly endedAt: string | null;
}

/**
 * Lets a version of the ladder meet the members who send no command: once it is in force, a walk over all members with a
 * standing applies what is due of them, a page at a time, and goes on where it was cut off. Until a member's turn comes,
 * each command on the member meets the version by itself.
 */
@Injectable()
export class TierTransitions {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly configs: ConfigCache,
    private readonly applyDue: ApplyDue,
    private readonly store: TierTransitionStore,
  ) {}

  /** @param signal ends it after the page under way. */
  async walkAll(signal?: AbortSignal, pageSize = PAGE): Promise<void> {
    for (const { programmeId } of await programmeZones(this.dataSource)) {
      const ladders = await this.ladders(programmeId);
      if (ladders !== '') await this.walk(programmeId, ladders, pageSize, signal);
      if (signal?.aborted) return;
    }
  }

  async view(programmeId: ProgrammeId): Promise<TransitionView> {
    const ladders = await this.ladders(programmeId);
    const known = await this.store.find(programmeId);
    if (ladders === '' || known?.ladders !== ladders) {
      const state = ladders === '' ? 'none' : 'waiting';
      return { state, members: null, done: null, undecided: null, beganAt: null, endedAt: null };
    }
    const { members, done, undecided, beganAt, endedAt } = known;
    return {
      state: endedAt === null ? 'running' : 'done',
      ...{ members, done, undecided, beganAt: formatInstant(beganAt) },
      endedAt: endedAt === null ? null : formatInstant(endedAt),
    };
  }

  private async ladders(programmeId: ProgrammeId): Promise<string> {
    return laddersMet(await this.configs.current(programmeId), this.clock.now());
  }

  private async walk(
    programmeId: ProgrammeId,
    ladders: string,
    pageSize: number,
    signal?: AbortSignal,
  ): Promise<void> {
    const known = await this.store.find(programmeId);
    let transition = known?.ladders === ladders ? known : await this.begin(programmeId, ladders);
    while (transition.afterMember !== null && !signal?.aborted) {
      const { members, last } = await this.store.page(programmeId, transition.afterMember, pageSize);
      const undecided = transition.undecided + (await this.applyDue.of(members));
      const endedAt = last === null ? this.clock.now() : null;
      const done = transition.done + members.length;
      transition = { ...transition, done, undecided, afterMember: last, endedAt };
      await this.store.save(programmeId, transition);
    }
  }

  private async begin(programmeId: ProgrammeId, ladders: string): Promise<TierTransition> {
    const members = await this.store.count(programmeId);
    const beganAt = this.clock.now();
    return { ladders, members, done: 0, undecided: 0, afterMember: NO_MEMBER, beganAt, endedAt: null };
  }
}
