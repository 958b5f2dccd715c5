import { idToUuid, type ProgrammeId } from '../kernel/ids.js';
import type { Row } from '../platform/database/row.js';
import type { Reader } from '../platform/versioned-config/config.store.js';

/** The tier of a member is that of the latest change; a member without one is on the first tier of any ladder. */
const ON_TIERS = `SELECT s.tier, count(*)::int AS members
  FROM (SELECT DISTINCT h.member_id FROM tier_changes h WHERE h.to_tier = ANY($2::text[])) c
  JOIN members m ON m.member_id = c.member_id AND m.programme_id = $1 AND m.merged_into IS NULL
    AND m.status <> 'closed'
  JOIN LATERAL (SELECT h.to_tier AS tier FROM tier_changes h
    WHERE h.account_id = m.home_account_id AND h.member_id = m.member_id
    ORDER BY h.since DESC, h.sequence DESC LIMIT 1) s ON s.tier = ANY($2::text[])
  GROUP BY s.tier ORDER BY s.tier`;

/** How many members stand on each of these tiers; those without members are left out. */
export async function membersOnTiers(
  reader: Reader,
  programmeId: ProgrammeId,
  tiers: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (tiers.length === 0) return new Map();
  const rows: Row[] = await reader.query(ON_TIERS, [idToUuid(programmeId), tiers]);
  return new Map(rows.map((row) => [row['tier'] as string, row['members'] as number]));
}
