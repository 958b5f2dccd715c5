import type { EntityManager } from 'typeorm';
import { idToUuid, type ProgrammeId } from '../../kernel/ids.js';
import { ConfigVersionEntity } from './config-version.entity.js';
import { ProgrammeEntity } from './programme.entity.js';

/** The versions of a key, oldest first. The programme's row, locked, serialises changes to its configuration. */
export async function lockVersions(
  manager: EntityManager,
  programmeId: ProgrammeId,
  { kind, key }: { readonly kind: string; readonly key: string },
): Promise<ConfigVersionEntity[]> {
  const programme = idToUuid(programmeId);
  const where = { programmeId: programme };
  await manager.findOne(ProgrammeEntity, { where, lock: { mode: 'pessimistic_write' } });
  return manager.find(ConfigVersionEntity, { where: { ...where, kind, key }, order: { version: 'ASC' } });
}
