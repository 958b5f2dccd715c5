import { idToUuid, type ProgrammeId } from '../kernel/ids.js';
import type { Reader } from '../platform/versioned-config/config.store.js';

const BEGUN = `SELECT EXISTS (SELECT FROM movements m JOIN accounts a ON a.account_id = m.account_id
  WHERE a.programme_id = $1 AND m.liability <> 0) AS begun`;

/** Whether a programme's books have begun: any movement carries money. */
export async function booksBegun(reader: Reader, programmeId: ProgrammeId): Promise<boolean> {
  const [row] = await reader.query<{ begun: boolean }[]>(BEGUN, [idToUuid(programmeId)]);
  return row?.begun === true;
}
