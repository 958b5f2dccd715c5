import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, uuidToId, type AccountId, type MemberId, type ProgrammeId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import { DATA_SOURCE } from '../platform/tokens.js';

/** How far the planning of a programme's anniversaries came. */
export interface CalendarPlan {
  readonly fingerprint: string;
  /** When the walk over all members began. */
  readonly beganAt: Instant;
  /** The last member of the walk so far; null once it went over all of them. */
  readonly afterMember: string | null;
  /** Up to which change of members the walk over changes came. */
  readonly changedAt: Instant;
}

export interface MemberToPlan {
  readonly programmeId: ProgrammeId;
  readonly accountId: AccountId;
  readonly memberId: MemberId;
  readonly uuid: string;
  readonly updatedAt: Instant;
}

/** Before all members. */
export const NO_MEMBER = '00000000-0000-0000-0000-000000000000';

const PLAN = `SELECT p.fingerprint, p.began_at, p.after_member, p.changed_at
  FROM calendar_plans p WHERE p.programme_id = $1`;
const SAVE = `INSERT INTO calendar_plans
    (programme_id, fingerprint, began_at, after_member, changed_at)
  VALUES ($1, $2, $3, $4, $5) ON CONFLICT (programme_id) DO UPDATE SET fingerprint = $2, began_at = $3,
    after_member = $4, changed_at = $5`;
const ALL = `SELECT m.member_id, m.account_id, m.updated_at FROM members m
  WHERE m.programme_id = $1 AND m.member_id > $2 AND m.status <> 'merged' ORDER BY m.member_id LIMIT $3`;
const CHANGED = `SELECT m.member_id, m.account_id, m.updated_at FROM members m
  WHERE m.programme_id = $1 AND (m.updated_at, m.member_id) > ($2, $3) AND m.status <> 'merged'
  ORDER BY m.updated_at, m.member_id LIMIT $4`;

interface MemberRow {
  readonly member_id: string;
  readonly account_id: string;
  readonly updated_at: Date;
}

@Injectable()
export class CalendarPlanStore {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async find(programmeId: ProgrammeId): Promise<CalendarPlan | null> {
    const [row] = await this.dataSource.query<Record<string, unknown>[]>(PLAN, [idToUuid(programmeId)]);
    if (!row) return null;
    return {
      fingerprint: row['fingerprint'] as string,
      beganAt: (row['began_at'] as Date).getTime(),
      afterMember: row['after_member'] as string | null,
      changedAt: (row['changed_at'] as Date).getTime(),
    };
  }

  async save(programmeId: ProgrammeId, plan: CalendarPlan): Promise<void> {
    await this.dataSource.query(SAVE, [
      idToUuid(programmeId),
      plan.fingerprint,
      new Date(plan.beganAt),
      plan.afterMember,
      new Date(plan.changedAt),
    ]);
  }

  /** Members in the order of their ids. */
  all(programmeId: ProgrammeId, after: string, limit: number): Promise<readonly MemberToPlan[]> {
    return this.members(programmeId, ALL, [after, limit]);
  }

  /** Members in the order of their last changes. */
  changed(
    programmeId: ProgrammeId,
    since: Instant,
    after: string,
    limit: number,
  ): Promise<readonly MemberToPlan[]> {
    return this.members(programmeId, CHANGED, [new Date(since), after, limit]);
  }

  private async members(
    programmeId: ProgrammeId,
    sql: string,
    parameters: readonly unknown[],
  ): Promise<readonly MemberToPlan[]> {
    const rows = await this.dataSource.query<MemberRow[]>(sql, [idToUuid(programmeId), ...parameters]);
    return rows.map((row) => ({
      programmeId,
      accountId: uuidToId('acc', row.account_id),
      memberId: uuidToId('mbr', row.member_id),
      uuid: row.member_id,
      updatedAt: row.updated_at.getTime(),
    }));
  }
}
