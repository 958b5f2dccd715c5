import type { DataSource } from 'typeorm';
import { uuidToId, type ProgrammeId } from '../../kernel/ids.js';

const PROGRAMMES = `SELECT p.programme_id, p.time_zone FROM programmes p ORDER BY p.programme_id`;

/** Every programme with the zone in which its midnights are. */
export async function programmeZones(
  dataSource: DataSource,
): Promise<readonly { readonly programmeId: ProgrammeId; readonly timeZone: string }[]> {
  const rows = await dataSource.query<{ programme_id: string; time_zone: string }[]>(PROGRAMMES);
  return rows.map((row) => ({
    programmeId: uuidToId('prg', row.programme_id),
    timeZone: row.time_zone,
  }));
}
