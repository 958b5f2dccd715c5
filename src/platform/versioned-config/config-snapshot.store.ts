import type { EntityManager } from 'typeorm';
import { idToUuid, type ProgrammeId } from '../../kernel/ids.js';
import { pausesOf, withdrawalOf } from './config-acts.js';
import { actsIn } from './config-acts.query.js';
import { ConfigSnapshot } from './config-snapshot.js';
import { ConfigVersionEntity } from './config-version.entity.js';
import { ProgrammeEntity } from './programme.entity.js';

/** All that is published, in the caller's transaction. @returns null for an unknown programme. */
export async function snapshotIn(
  manager: EntityManager,
  programmeId: ProgrammeId,
): Promise<ConfigSnapshot | null> {
  const where = { programmeId: idToUuid(programmeId) };
  const programme = await manager.findOneBy(ProgrammeEntity, where);
  if (!programme) return null;
  const versions = await manager.findBy(ConfigVersionEntity, { ...where, status: 'published' });
  const acts = await actsIn(manager, programmeId);
  return new ConfigSnapshot(
    programmeId,
    programme.currency,
    programme.timeZone,
    Number(programme.configRevision),
    versions.map(({ kind, key, version, effectiveAt, publishedAt, body }) => ({
      kind,
      key,
      version,
      effectiveAt: effectiveAt?.getTime() ?? 0,
      publishedAt: publishedAt?.getTime() ?? 0,
      body,
      withdrawn: withdrawalOf(acts, { kind, key, version }) !== undefined,
    })),
    pausesOf(acts),
  );
}
