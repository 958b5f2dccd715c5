import type { EntityManager } from 'typeorm';
import { idToUuid, type ProgrammeId } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/time.js';

const END_RECORDING = `UPDATE programmes SET anchored_until = greatest(anchored_until, $2::timestamptz)
  WHERE programme_id = $1`;

/** Once the caller's transaction is committed, nothing of the programme is recorded before this instant, by any clock. */
export async function endRecording(
  manager: EntityManager,
  programmeId: ProgrammeId,
  before: Instant,
): Promise<void> {
  await manager.query(END_RECORDING, [idToUuid(programmeId), new Date(before)]);
}
