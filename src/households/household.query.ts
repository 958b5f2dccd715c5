import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { HouseholdRole } from '../members/index.js';
import {
  idToUuid,
  uuidToId,
  type AccountId,
  type HouseholdId,
  type MemberId,
  type ProgrammeId,
} from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { accountOf, householdOf } from './household-ids.js';

/** A household and its members, in the order in which they were enrolled. */
export interface Household {
  readonly householdId: HouseholdId;
  readonly accountId: AccountId;
  readonly name: string | null;
  readonly createdAt: Instant;
  /** Null while anybody is in it. */
  readonly closedAt: Instant | null;
  readonly members: readonly { readonly memberId: MemberId; readonly role: HouseholdRole }[];
}

const HOUSEHOLDS = `SELECT h.*, (
    SELECT json_agg(json_build_array(m.member_id, m.household_role) ORDER BY m.member_id) FROM members m
    WHERE m.account_id = h.account_id AND m.household_role IS NOT NULL) AS members
  FROM households h`;

@Injectable()
export class HouseholdQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async find(programmeId: ProgrammeId, householdId: HouseholdId): Promise<Household | null> {
    const [row] = await this.dataSource.query<Row[]>(
      `${HOUSEHOLDS} WHERE h.account_id = $1 AND h.programme_id = $2`,
      [idToUuid(accountOf(householdId)), idToUuid(programmeId)],
    );
    return row ? readHousehold(row) : null;
  }

  /** In the order in which they were made. */
  async page(
    programmeId: ProgrammeId,
    limit: number,
    after: HouseholdId | null,
  ): Promise<readonly Household[]> {
    const rows = await this.dataSource.query<Row[]>(
      `${HOUSEHOLDS} WHERE h.programme_id = $1 AND ($2::uuid IS NULL OR h.account_id > $2)
       ORDER BY h.account_id LIMIT $3`,
      [idToUuid(programmeId), after && idToUuid(accountOf(after)), limit],
    );
    return rows.map(readHousehold);
  }
}

function readHousehold(row: Row): Household {
  const accountId = uuidToId('acc', row['account_id'] as string);
  return {
    householdId: householdOf(accountId),
    accountId,
    name: row['name'] as string | null,
    createdAt: (row['created_at'] as Date).getTime(),
    closedAt: (row['closed_at'] as Date | null)?.getTime() ?? null,
    members: ((row['members'] ?? []) as [string, HouseholdRole][]).map(([uuid, role]) => ({
      memberId: uuidToId('mbr', uuid),
      role,
    })),
  };
}
