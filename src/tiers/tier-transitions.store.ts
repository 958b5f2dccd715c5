import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, uuidToId, type AccountId, type MemberId, type ProgrammeId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import { DATA_SOURCE } from '../platform/tokens.js';

/** How far the members of a programme have met its ladders. */
export interface TierTransition {
  /** The ladders in force when it began, as `laddersMet` names them. */
  readonly ladders: string;
  /** Members with a standing to look at when it began. */
  readonly members: number;
  readonly done: number;
  /** Members that could not be decided: their next command decides them. */
  readonly undecided: number;
  /** The last member so far; null once all were there. */
  readonly afterMember: string | null;
  readonly beganAt: Instant;
  readonly endedAt: Instant | null;
}

export interface MemberToMeet {
  readonly programmeId: ProgrammeId;
  readonly accountId: AccountId;
  readonly memberId: MemberId;
}

/** Before all members. */
export const NO_MEMBER = '00000000-0000-0000-0000-000000000000';

const FIND = `SELECT t.ladders, t.members, t.done, t.undecided, t.after_member, t.began_at, t.ended_at
  FROM tier_transitions t WHERE t.programme_id = $1`;
const SAVE = `INSERT INTO tier_transitions
    (programme_id, ladders, members, done, undecided, after_member, began_at, ended_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (programme_id) DO UPDATE SET ladders = $2, members = $3,
    done = $4, undecided = $5, after_member = $6, began_at = $7, ended_at = $8`;
/** Members whose standing a ladder can change: something counted for them, or their tier changed before. */
const WITH_STANDING = `FROM members m
  WHERE m.programme_id = $1 AND m.member_id > $2 AND m.merged_into IS NULL AND m.status <> 'closed'
    AND (EXISTS (SELECT FROM tier_changes h WHERE h.account_id = m.home_account_id AND h.member_id = m.member_id)
      OR EXISTS (SELECT FROM qualifying_days d
        WHERE d.account_id = m.home_account_id AND d.member_id = m.member_id))`;
const PAGE = `SELECT m.member_id, m.account_id ${WITH_STANDING} ORDER BY m.member_id LIMIT $3`;
const COUNT = `SELECT count(*) AS members ${WITH_STANDING}`;

@Injectable()
export class TierTransitionStore {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async find(programmeId: ProgrammeId): Promise<TierTransition | null> {
    const [row] = await this.dataSource.query<Record<string, unknown>[]>(FIND, [idToUuid(programmeId)]);
    if (!row) return null;
    return {
      ladders: row['ladders'] as string,
      members: Number(row['members']),
      done: Number(row['done']),
      undecided: Number(row['undecided']),
      afterMember: row['after_member'] as string | null,
      beganAt: (row['began_at'] as Date).getTime(),
      endedAt: (row['ended_at'] as Date | null)?.getTime() ?? null,
    };
  }

  async save(programmeId: ProgrammeId, transition: TierTransition): Promise<void> {
    const { ladders, members, done, undecided, afterMember, beganAt, endedAt } = transition;
    await this.dataSource.query(SAVE, [
      ...[idToUuid(programmeId), ladders, members, done, undecided, afterMember, new Date(beganAt)],
      endedAt === null ? null : new Date(endedAt),
    ]);
  }

  async count(programmeId: ProgrammeId): Promise<number> {
    const values = [idToUuid(programmeId), NO_MEMBER];
    const [row] = await this.dataSource.query<{ members: string }[]>(COUNT, values);
    return Number(row?.members);
  }

  /** Members after another in the order of their ids. */
  async page(
    programmeId: ProgrammeId,
    after: string,
    limit: number,
  ): Promise<{ readonly members: readonly MemberToMeet[]; readonly last: string | null }> {
    const values = [idToUuid(programmeId), after, limit];
    const rows = await this.dataSource.query<{ member_id: string; account_id: string }[]>(PAGE, values);
    const members = rows.map((row) => ({
      programmeId,
      accountId: uuidToId('acc', row.account_id),
      memberId: uuidToId('mbr', row.member_id),
    }));
    return { members, last: rows.length < limit ? null : (rows.at(-1)?.member_id ?? null) };
  }
}
